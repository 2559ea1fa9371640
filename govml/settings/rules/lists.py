"""Rules of lists and names: each entry says something that no other says, and is told apart from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def entries_stand_once(settings: AgencyFile) -> Iterator[Finding]:
    """The second of two equal entries means nothing, and most services refuse it at deployment."""
    for path, entries in _lists(settings.model_dump(exclude_defaults=True)):
        for place, entry in enumerate(entries):
            if entry in entries[:place] and "subnets" not in path:  # which a rule of their own judges
                yield Finding((*path, place), "stands in the list already", "keep one of them")


def _lists(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], list[Any]]]:
    """Give every list below a value, with its path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _lists(each, (*path, str(key)))
    elif isinstance(value, list | tuple):
        yield path, list(value)
        for place, each in enumerate(value):
            yield from _lists(each, (*path, place))


def names_are_told_apart(settings: AgencyFile) -> Iterator[Finding]:
    """Ids of CloudFormation hold letters and digits only: two names that differ in the rest would be one resource."""
    observability = settings.observability
    for place, names in (
        (("use_cases",), settings.use_cases),
        (("data", "sources"), settings.data.sources),
        (("observability", "alert_routes"), observability.alert_routes),
        (("observability", "chat"), observability.chat),
    ):
        for one, other in _alike(names):
            yield Finding(
                (*place, other), f"differs from {one} in underscores only", "choose another name for one of them"
            )
    models = settings.ai.models if settings.ai is not None else ()
    for one, other in _alike(dict.fromkeys(models)):
        yield Finding(
            ("ai", "models", models.index(other)),
            f"differs from {one} in punctuation only",
            "name each model once, as Bedrock's model catalogue spells it",
        )


def _alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(re.sub(r"[^a-z0-9]", "", name), name)
        if first != name:
            yield first, name


LIST_RULES: tuple[Rule, ...] = (
    Rule(entries_stand_once, frozenset()),  # keys that are unsound hold their defaults here, which repeat nothing
    Rule(names_are_told_apart, frozenset({"use_cases", "data", "observability", "ai"})),
)
