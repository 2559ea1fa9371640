"""Rules of regions, tags and environments: where things may be, what they are called, what keeps them apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from govml.settings.rules.finding import Finding, Rule
from govml.settings.tags import OWN_TAGS, refusal

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def region_is_allowed(settings: AgencyFile) -> Iterator[Finding]:
    """Data must stay where the agency may keep it."""
    if settings.region not in settings.allowed_regions:
        allowed = ", ".join(settings.allowed_regions)
        yield Finding(("region",), f"{settings.region} is not in allowed_regions", f"allowed: {allowed}")


def named_resources_are_in_allowed_regions(settings: AgencyFile) -> Iterator[Finding]:
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


def tags_are_not_reserved(settings: AgencyFile) -> Iterator[Finding]:
    """Tags that mean something to AWS, to the landing zone or to the stacks themselves are theirs alone."""
    seen: dict[str, str] = {}
    for key in settings.tags:
        if reason := refusal(key):
            yield Finding(("tags", key), reason, f"choose another key; {', '.join(OWN_TAGS)} are on everything anyway")
        elif (first := seen.setdefault(key.lower(), key)) != key:
            yield Finding(("tags", key), f"differs from {first} only in case, which IAM refuses", "keep one of them")


def production_is_retained(settings: AgencyFile) -> Iterator[Finding]:
    """A tear-down must never delete production data."""
    for name, environment in settings.environments.items():
        if name == "prod" and environment.removal == "destroy":
            yield Finding(
                ("environments", name, "removal"),
                "destroy is refused in prod: a tear-down would delete production data",
                "leave it out (retain); empty and delete by hand what must go",
            )


def environments_do_not_overlap(settings: AgencyFile) -> Iterator[Finding]:
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


def environments_avoid_reserved_networks(settings: AgencyFile) -> Iterator[Finding]:
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


PLACE_RULES: tuple[Rule, ...] = (
    Rule(region_is_allowed, frozenset({"region", "allowed_regions"})),
    # keys that are unsound hold their defaults here, which name no ARN
    Rule(named_resources_are_in_allowed_regions, frozenset({"allowed_regions"})),
    Rule(tags_are_not_reserved, frozenset({"tags"})),
    Rule(production_is_retained, frozenset({"environments"})),
    Rule(environments_do_not_overlap, frozenset({"environments"})),
    Rule(environments_avoid_reserved_networks, frozenset({"environments", "network"})),
)
