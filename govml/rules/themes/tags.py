"""Tags that belong to the landing zone."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.walk import Text


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
    for text in resource.texts:
        key = _key(text, prefixes)
        if key:
            yield f"has the tag {key}, whose prefix is reserved ({', '.join(options.reserved_tags)}): remove it"


def _key(text: Text, prefixes: tuple[str, ...]) -> str | None:
    """Return the reserved key of a tag: the text itself in a list of Key and Value, the last of its path in a map."""
    path = text.path
    last = path[-1]
    if last in {"Key", "TagKey", "key"}:
        return text.value if text.value.lower().startswith(prefixes) and any(map(_holds_tags, path[-3:-1])) else None
    return last if last.lower().startswith(prefixes) and any(map(_holds_tags, path[-2:-1])) else None


def _holds_tags(name: str) -> bool:
    return name.endswith("Tags") or name == "TagList"
