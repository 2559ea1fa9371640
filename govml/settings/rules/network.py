"""Rules of the network: made or imported as the mode says, a way out only where it may be, and room for the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.network_plan.plan import budget
from govml.settings.rules.finding import Finding, Rule
from govml.settings.rules.network_import import IMPORT_RULES

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def environments_match_the_mode(settings: AgencyFile) -> Iterator[Finding]:
    """A created VPC needs its range, an imported one its ids; the other key would be ignored."""
    created = settings.network.mode == "create"
    wanted, other = ("cidr", "network_import") if created else ("network_import", "cidr")
    for name, environment in settings.environments.items():
        if getattr(environment, wanted) is None:
            yield Finding(
                ("environments", name, wanted),
                f"is missing: network.mode is {settings.network.mode}",
                "give the VPC its range, such as 10.40.0.0/22" if created else "name the VPC and its subnets by id",
            )
        if getattr(environment, other) is not None:
            yield Finding(
                ("environments", name, other),
                f"would be ignored: network.mode is {settings.network.mode}",
                f"leave {other} out, or set network.mode: {'import' if created else 'create'}",
            )


def way_out_is_filtered_and_allowed(settings: AgencyFile) -> Iterator[Finding]:
    """A way out needs its domains, a VPC of our own, a class of data that permits it, and somebody to use it."""
    network = settings.network
    if network.internet == "none":
        if network.allowed_domains:
            yield Finding(
                ("network", "allowed_domains"), "would be ignored: network.internet is none", "set internet: filtered"
            )
        return
    if not network.allowed_domains:
        yield Finding(
            ("network", "allowed_domains"),
            "is missing: network.internet is filtered",
            "list the domains, such as pypi.org",
        )
    if network.mode == "import":
        yield Finding(
            ("network", "internet"),
            "filtered is for a VPC that is made; the way out of an imported one is its owner's",
            "leave it none, and use the egress that the VPC's owner offers (docs/stacks.md, Network)",
        )
    switches = settings.switches
    on = {"builds": switches.cicd, "studio": switches.studio}
    for tier in network.internet_tiers:
        if not on[tier]:
            switch = "cicd" if tier == "builds" else tier
            yield Finding(
                ("network", "internet_tiers"),
                f"{tier} may use the way out, but features.{switch} is off",
                f"turn features.{switch} on, take {tier} out, or set internet: none",
            )


def confidential_data_has_no_way_out(settings: AgencyFile) -> Iterator[Finding]:
    """A filter by domain cannot see what is sent, so data of some classes stays where there is no way out."""
    if settings.network.internet == "filtered" and not settings.handling.filtered_internet:
        yield Finding(
            ("network", "internet"),
            f"filtered is refused with data_classification {settings.data_classification}",
            "set internet: none; packages come from CodeArtifact, models and services over endpoints",
        )


def plan_fits(settings: AgencyFile) -> Iterator[Finding]:
    """A subnet that is full stops jobs, builds and deployments at some later day; count the addresses now."""
    for name, environment in settings.environments.items():
        imported = settings.network.mode == "import"
        key = ("network_import", "subnets") if imported else ("cidr",)
        told: set[tuple[str, int]] = set()
        for row in budget(settings, environment):
            subnet = row.subnet
            # created subnets of one role are alike in every zone: one finding tells it
            if row.free >= 0 or (not imported and (subnet.role, row.needed) in told):
                continue
            told.add((subnet.role, row.needed))
            yield Finding(
                ("environments", name, *key),
                f"the {subnet.role} subnet {subnet.cidr} ({subnet.zone}) leaves {row.usable} addresses, and the plan needs "
                f"{row.needed}: {row.breakdown()}",
                f"give a larger range (a subnet of /{row.smallest_prefix} holds it), lower the sizes in network.capacity, "
                "or turn off what is not needed under features",
            )


_BASE = frozenset({"environments", "network"})
_SWITCHES = frozenset({"maturity", "features"})

NETWORK_RULES: tuple[Rule, ...] = (
    Rule(environments_match_the_mode, _BASE),
    *IMPORT_RULES,
    Rule(way_out_is_filtered_and_allowed, _SWITCHES | {"network"}),
    Rule(confidential_data_has_no_way_out, frozenset({"network", "data_classification"})),
    Rule(plan_fits, _BASE | _SWITCHES | {"use_cases", "data"}),
)
