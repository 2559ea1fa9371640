"""Find and change values deep in a document."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]


def leaves_and_branches(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give every value below a document's root with its path, parents first."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield (*path, key), each
            yield from leaves_and_branches(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield (*path, number), each
            yield from leaves_and_branches(each, (*path, number))


def shape(path: Path) -> str:
    """Return a path as text without places in lists, as in `PolicyDocument.Statement[].Condition`."""
    return re.sub(r"\.\[", "[", ".".join("[]" if isinstance(key, int) else key for key in path))


def at(document: Any, path: Path) -> Any:
    """Return the value at a path."""
    for key in path:
        document = document[key]
    return document


def changed(document: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return a copy with the value at a path replaced."""
    out = copy.deepcopy(dict(document))
    at(out, path[:-1])[path[-1]] = value
    return out


def removed(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a copy without the value at a path."""
    out = copy.deepcopy(dict(document))
    del at(out, path[:-1])[path[-1]]
    return out
