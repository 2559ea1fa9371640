"""Rules between fields: combinations that are each legal alone and wrong together, every one with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from govml.settings.budget_rules import BUDGET_RULES
from govml.settings.data_rules import DATA_RULES
from govml.settings.endpoint_rules import ENDPOINT_RULES
from govml.settings.finding import Finding, Rule
from govml.settings.identity_rules import IDENTITY_RULES
from govml.settings.network_rules import NETWORK_RULES
from govml.settings.promotion import PROMOTION_RULES
from govml.settings.release_rules import RELEASE_RULES
from govml.settings.tags import OWN_TAGS, refusal

if TYPE_CHECKING:
    from govml.settings.root import Settings


__all__ = ["RULES", "Finding", "Rule", "broken_rules"]

_SWITCHES = frozenset({"maturity", "features"})


def region_is_allowed(settings: Settings) -> Iterator[Finding]:
    """Data must stay where the agency may keep it."""
    if settings.region not in settings.allowed_regions:
        allowed = ", ".join(settings.allowed_regions)
        yield Finding(("region",), f"{settings.region} is not in allowed_regions", f"allowed: {allowed}")


def named_resources_are_in_allowed_regions(settings: Settings) -> Iterator[Finding]:
    """What the file names by ARN must not take data abroad either."""
    for path, arn in _arns(settings.model_dump()):
        region = arn.split(":")[3]
        if region and region not in settings.allowed_regions:
            allowed = ", ".join(settings.allowed_regions)
            yield Finding(path, f"{region} is not in allowed_regions", f"name a resource in one of: {allowed}")


def _arns(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every complete ARN (`arn:partition:service:region:account:resource`) below a value, with its path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _arns(each, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _arns(each, path)
    elif isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5:
        yield path, value


def tags_are_not_reserved(settings: Settings) -> Iterator[Finding]:
    """Tags that mean something to AWS, to the landing zone or to the stacks themselves are theirs alone."""
    seen: dict[str, str] = {}
    for key in settings.tags:
        if reason := refusal(key):
            yield Finding(("tags", key), reason, f"choose another key; {', '.join(OWN_TAGS)} are on everything anyway")
        elif (first := seen.setdefault(key.lower(), key)) != key:
            yield Finding(("tags", key), f"differs from {first} only in case, which IAM refuses", "keep one of them")


def log_shipping_is_complete(settings: Settings) -> Iterator[Finding]:
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


def log_shipping_role_is_of_the_account(settings: Settings) -> Iterator[Finding]:
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


def production_is_retained(settings: Settings) -> Iterator[Finding]:
    """A tear-down must never delete production data."""
    for name, environment in settings.environments.items():
        if name == "prod" and environment.removal == "destroy":
            yield Finding(
                ("environments", name, "removal"),
                "destroy is refused in prod: a tear-down would delete production data",
                "leave it out (retain); empty and delete by hand what must go",
            )


def environments_do_not_overlap(settings: Settings) -> Iterator[Finding]:
    """Two networks with the same addresses can never be connected, nor reached from one place."""
    for (first, one), (second, other) in combinations(settings.environments.items(), 2):
        for _, taken in one.networks():
            for key, network in other.networks():
                if network.overlaps(taken):
                    yield Finding(
                        ("environments", second, *key),
                        f"{network} overlaps {taken} of {first}",
                        "give each environment its own range",
                    )


def environments_avoid_reserved_networks(settings: Settings) -> Iterator[Finding]:
    """An address that is in use elsewhere cannot be routed to."""
    for name, environment in settings.environments.items():
        for reserved in settings.network.reserved_cidrs:
            for key, network in environment.networks():
                if network.overlaps(reserved):
                    yield Finding(
                        ("environments", name, *key),
                        f"{network} overlaps {reserved} of network.reserved_cidrs",
                        "choose a range outside the reserved ones",
                    )


def schedule_needs_pipeline(settings: Settings) -> Iterator[Finding]:
    """A schedule starts a pipeline."""
    if settings.switches.pipeline_schedule and not settings.switches.training_pipeline:
        yield Finding(
            ("features", "pipeline_schedule"),
            "pipeline_schedule is on, but training_pipeline is off: there is nothing to start",
            "turn features.training_pipeline on, or features.pipeline_schedule off",
        )


def pipeline_needs_tracking(settings: Settings) -> Iterator[Finding]:
    """The pipeline's Track step writes each run to the tracking server."""
    if settings.switches.training_pipeline and not settings.switches.experiment_tracking:
        yield Finding(
            ("features", "training_pipeline"),
            "training_pipeline is on, but experiment_tracking is off: the pipeline records its runs there",
            "turn features.experiment_tracking on, or features.training_pipeline off",
        )


def pipeline_needs_use_cases(settings: Settings) -> Iterator[Finding]:
    """A pipeline is made per use case."""
    if settings.switches.training_pipeline and not settings.use_cases:
        yield Finding(
            ("use_cases",),
            "training_pipeline is on, but there is no use case to train",
            "add one under use_cases, or turn features.training_pipeline off",
        )


def ai_service_needs_models(settings: Settings) -> Iterator[Finding]:
    """Access is granted to named models only."""
    if settings.switches.ai_service and settings.ai is None:
        yield Finding(
            ("ai",),
            "ai_service is on, but no foundation model is named",
            "list them under ai.models, or turn features.ai_service off",
        )


def cicd_needs_source(settings: Settings) -> Iterator[Finding]:
    """Delivery needs to know what to deliver."""
    if settings.switches.cicd and settings.cicd is None:
        yield Finding(
            ("cicd",),
            "cicd is on, but no repository is named",
            "add cicd.repository (OWNER/NAME), or turn features.cicd off",
        )


RULES: tuple[Rule, ...] = (
    Rule(region_is_allowed, frozenset({"region", "allowed_regions"})),
    # keys that are unsound hold their defaults here, which name no ARN
    Rule(named_resources_are_in_allowed_regions, frozenset({"allowed_regions"})),
    Rule(tags_are_not_reserved, frozenset({"tags"})),
    Rule(log_shipping_is_complete, frozenset({"observability", "region"})),
    Rule(log_shipping_role_is_of_the_account, frozenset({"observability", "environments"})),
    Rule(production_is_retained, frozenset({"environments"})),
    Rule(environments_do_not_overlap, frozenset({"environments"})),
    Rule(environments_avoid_reserved_networks, frozenset({"environments", "network"})),
    *NETWORK_RULES,
    Rule(schedule_needs_pipeline, _SWITCHES),
    Rule(pipeline_needs_tracking, _SWITCHES),
    Rule(pipeline_needs_use_cases, _SWITCHES | {"use_cases"}),
    Rule(ai_service_needs_models, _SWITCHES | {"ai"}),
    Rule(cicd_needs_source, _SWITCHES | {"cicd"}),
    *IDENTITY_RULES,
    *DATA_RULES,
    *ENDPOINT_RULES,
    *RELEASE_RULES,
    *BUDGET_RULES,
    *PROMOTION_RULES,
)


def broken_rules(settings: Settings, *, unsound: frozenset[str] = frozenset()) -> list[Finding]:
    """Judge every rule whose keys are sound.

    Args:
        settings: the settings; attributes named in `unsound` are never read.
        unsound: top-level keys with problems of their own.
    """
    return [finding for rule in RULES if not rule.needs & unsound for finding in rule.check(settings)]
