"""How a defect is seeded into the clean platform template of another hand (`clean/platform.json`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REMOVED = object()
Break = Callable[[dict[str, Any]], object]
DEFECTS: dict[str, Break] = {}


def seed(name: str, broken: Break) -> None:
    """Keep a defect under its name."""
    assert name not in DEFECTS
    DEFECTS[name] = broken


def put(resource: str, path: str, value: object) -> Break:
    """Set, or take away, one property; numbers in the path are places in lists."""

    def broken(document: dict[str, Any]) -> None:
        at: Any = document["Resources"][resource]["Properties"]
        *keys, last = path.split(".")
        for key in keys:
            at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
        if value is REMOVED:
            del at[int(last) if isinstance(at, list) else last]
        else:
            at[int(last) if isinstance(at, list) else last] = value

    return broken


def add(name: str, kind: str, properties: dict[str, Any], **rest: str) -> Break:
    """Add one resource."""
    return lambda document: document["Resources"].update({name: {"Type": kind, "Properties": properties, **rest}})
