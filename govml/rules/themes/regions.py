"""Data stays in the regions that the agency may use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template

_REGION = re.compile(
    r"(?<![a-z0-9])(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest|de-east)-\d(?=[a-z]?(?![a-z0-9]))"
)
_DIRECTIONS = ("north", "south", "east", "west", "central")  # in every region's name
# Texts that people read, or that run as code; and the condition by which policies keep requests out of other regions,
# which must name the region of global services.
_READ_BY_PEOPLE = frozenset({"Description", "ZipFile", "aws:RequestedRegion", "DashboardBody", "Comment"})


@rule(
    "GovML-ForeignRegion",
    ANY,
    title="No resource names a region outside the allow-list",
    rationale="What is copied to, called in or built from another region leaves the agency's jurisdiction.",
    severity="high",
    controls=("SC-7", "AC-4", "CM-6"),
    public_sector_controls=("DP-1",),
)
def foreign_region(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Find region names in every text: ARNs, zones, endpoints, images, replicas, providers."""
    if not any(each in resource.whole_text for each in _DIRECTIONS):
        return
    seen: set[str] = set()
    for text in resource.texts:
        if text.value.count("-") < 2:
            continue
        for match in _REGION.finditer(text.value):
            region = match.group()
            if region in options.allowed_regions or region in seen or _READ_BY_PEOPLE.intersection(text.path):
                continue
            if options.cross_region_models and ":bedrock:" in text.value:
                continue
            seen.add(region)
            yield f"{text.where} names {region}, which is not allowed: {', '.join(options.allowed_regions)}"
