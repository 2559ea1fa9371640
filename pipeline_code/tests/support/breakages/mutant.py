"""One breakage, and the ways to make it: a copy of a definition with one place changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
GONE: Any = object()


@dataclass(frozen=True)
class Breakage:
    """A class of faults, the place and the fault in words, and the way to the broken definition."""

    kind: str
    where: str
    original: Any
    edit: Callable[[Any], Any]

    def definition(self) -> Any:
        """Return the broken definition, a copy."""
        broken = json.loads(json.dumps(self.original))  # ten times as fast as a deep copy, of which there are thousands
        self.edit(broken)
        return broken


def at(value: Any, place: Place) -> Any:
    """Return what stands at a place."""
    for part in place:
        value = value[part]
    return value


def changed(definition: Any, kind: str, place: Place, value: Any) -> Breakage:
    """Return a breakage with another value at a place, or with nothing there (`GONE`)."""

    def edit(broken: Any) -> None:
        holder = at(broken, place[:-1])
        if value is not GONE:
            holder[place[-1]] = copy.deepcopy(value)
        elif not isinstance(holder, dict) or place[-1] in holder:
            del holder[place[-1]]

    shown = ".".join(map(str, place))
    what = f"{shown} removed" if value is GONE else f"{shown} = {str(value)[:60]}"
    return Breakage(kind, what, definition, edit)


def edited(definition: Any, kind: str, what: str, edit: Callable[[Any], Any]) -> Breakage:
    """Return a breakage that a function makes of a copy."""
    return Breakage(kind, what, definition, edit)


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Give every value below one, itself included, with its place."""
    yield place, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))


def steps(definition: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Give every step with its place, those in branches too."""
    for place, value in places(definition["Steps"], ("Steps",)):
        if isinstance(value, dict) and {"Name", "Type", "Arguments"} <= value.keys():
            yield place, value
