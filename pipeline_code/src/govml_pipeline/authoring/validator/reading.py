"""Reading JSON that may be wrong anywhere, and saying what was wanted instead."""

from __future__ import annotations

from typing import Any


def at(value: Any, *path: str) -> Any:
    """Return what stands at a path of members, None where there is nothing."""
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; nothing of anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def wanted(name: str, checks: dict[str, tuple[Any, Any]]) -> list[str]:
    """Return a finding for each check, what -> (found, wanted), whose two values differ."""
    return [
        f"{name}: {what} is {found!r}, wanted {required!r}"
        for what, (found, required) in checks.items()
        if type(found) is not type(required) or found != required
    ]
