"""Rules of what environments share with each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def shared_keys_are_of_the_environment(settings: AgencyFile) -> Iterator[Finding]:
    """What an environment shares is its own."""
    for name, environment in settings.environments.items():
        if environment.shared is None:
            continue
        for key in ("ml_key", "logs_key"):
            region, account = getattr(environment.shared, key).split(":")[3:5]
            if (region, account) != (settings.region, environment.account):
                yield Finding(
                    ("environments", name, "shared", key),
                    f"is a key of account {account} in {region}, not of {environment.account} in {settings.region}",
                    f"take what `govml release shared --environment {name}` prints",
                )


PROMOTION_RULES: tuple[Rule, ...] = (Rule(shared_keys_are_of_the_environment, frozenset({"environments", "region"})),)
