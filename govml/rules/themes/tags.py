"""Tags that belong to the landing zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import listed


@rule(
    "GovML-ReservedTag",
    ANY,
    title="No tag takes a prefix that is reserved",
    rationale="The landing zone governs by its own tags; a copy of one changes what its controls see, or fails to deploy.",
    severity="medium",
    controls=("CM-8", "CM-6"),
    public_sector_controls=("DP-4",),
)
def reserved_tag(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at every tag of a resource, whatever the property is called and however tags are written in it."""
    prefixes = tuple(each.lower() for each in options.reserved_tags)
    for key in tags_of(resource.properties):
        if key.lower().startswith(prefixes):
            yield f"has the tag {key}, whose prefix is reserved ({', '.join(options.reserved_tags)}): remove it"


def tags_of(value: Any) -> Iterator[str]:
    """Return the keys of the tags in nested properties: lists of Key and Value, or maps."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in {"Tags", "TagList"} or name.endswith("Tags"):
                yield from _keys(each)
            elif isinstance(each, Mapping | list):
                yield from tags_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from tags_of(each)


def _keys(tags: Any) -> Iterator[str]:
    if isinstance(tags, Mapping):
        yield from map(str, tags)
    for each in listed(tags) if isinstance(tags, list) else ():
        if isinstance(each, Mapping):
            yield str(each.get("Key") or each.get("TagKey") or each.get("key") or "")
