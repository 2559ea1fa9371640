"""The fidelity file: one entry per resource that exists, with its tier and the properties that were lost."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from govml.local.emulator.cloudformation.audit import Finding

_lock = threading.Lock()
_entries: dict[tuple[str, str], dict[str, object]] = {}


def _write(path: Path) -> None:
    """Replace the file as a whole, so that a reader never sees half of it."""
    scratch = path.with_suffix(".tmp")
    scratch.write_text(json.dumps(list(_entries.values()), indent=1))
    scratch.replace(path)


def record(
    path: Path,
    *,
    stack: str,
    logical_id: str,
    physical_id: str,
    resource_type: str,
    tier: str,
    backend: str,
    finding: Finding | None,
) -> None:
    """Enter or replace one resource. `finding` is None when its type has no read-back yet."""
    with _lock:
        _entries[resource_type, physical_id] = {
            "stack": stack,
            "logical_id": logical_id,
            "physical_id": physical_id,
            "type": resource_type,
            "tier": tier,
            "backend": backend,
            "audited": finding is not None,
            "checked": finding.checked if finding else 0,
            "lost": finding.lost if finding else [],
        }
        _write(path)


def forget(path: Path, resource_type: str, physical_id: str) -> None:
    """Take out a resource that was deleted."""
    with _lock:
        if _entries.pop((resource_type, physical_id), None) is not None:
            _write(path)
