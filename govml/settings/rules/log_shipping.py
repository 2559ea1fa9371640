"""Rules of log shipping: one receiver, which can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def log_shipping_is_complete(settings: AgencyFile) -> Iterator[Finding]:
    """CloudWatch Logs delivers to one place, of the same region, with a role exactly where it needs one."""
    shipping, place = settings.observability.log_shipping, ("observability", "log_shipping")
    if shipping is None:
        return
    if (shipping.delivery_stream is None) == (shipping.destination_arn is None):
        yield Finding(
            place, "names neither or both of delivery_stream and destination_arn", "name the one that receives the logs"
        )
    if shipping.destination_arn is not None:
        if shipping.role is not None:
            yield Finding(
                (*place, "role"),
                "a destination in another account is reached without a role of this one",
                "leave role out, or name a delivery_stream",
            )
        if shipping.destination_arn.split(":")[3] != settings.region:
            yield Finding(
                (*place, "destination_arn"),
                "a destination must be in the region of the log groups",
                f"name the one in {settings.region}",
            )


def log_shipping_role_is_of_the_account(settings: AgencyFile) -> Iterator[Finding]:
    """A service can only be given a role of the account that it works in."""
    shipping = settings.observability.log_shipping
    if shipping is None or shipping.role is None or not shipping.role.startswith("arn:"):
        return
    account = shipping.role.split(":")[4]
    other = [name for name, each in settings.environments.items() if each.account != account]
    if other:
        yield Finding(
            ("observability", "log_shipping", "role"),
            f"is a role of account {account}, which is not that of {', '.join(other)}",
            "write its PATH/NAME only: it is looked for in each environment's own account",
        )


LOG_SHIPPING_RULES: tuple[Rule, ...] = (
    Rule(log_shipping_is_complete, frozenset({"observability", "region"})),
    Rule(log_shipping_role_is_of_the_account, frozenset({"observability", "environments"})),
)
