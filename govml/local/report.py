"""Reads the audit that the emulator wrote: per resource type its tier, how many there are, and what was lost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from govml.local.state import fidelity_file


@dataclass
class TypeReport:
    """All resources of one type.

    Args:
        resource_type: as in `AWS::S3::Bucket`.
        tier: `native`, `backed` or `recorded only`.
        backend: `MiniStack`, `moto` or `recorded`.
        resources: how many exist.
        checked: how many scalar properties were looked for in the read-back.
        lost: property path -> number of resources that lost it.
        audited: False when the type is never read back; nothing is known about its properties then.
    """

    resource_type: str
    tier: str
    backend: str
    resources: int = 0
    checked: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    audited: bool = True


def read_report() -> list[TypeReport]:
    """Return the report by type, sorted by tier and name; empty when nothing is deployed."""
    if not fidelity_file().exists():
        return []
    types: dict[str, TypeReport] = {}
    for entry in json.loads(fidelity_file().read_text()):
        name = entry["type"]
        row = types.setdefault(name, TypeReport(name, entry["tier"], entry["backend"]))
        row.resources += 1
        row.checked += entry["checked"]
        row.audited = row.audited and entry["audited"]
        row.lost.update(entry["lost"])
    order = {"native": 0, "backed": 1, "recorded only": 2}
    return sorted(types.values(), key=lambda row: (order[row.tier], row.resource_type))


def lines(rows: list[TypeReport]) -> list[str]:
    """Return the report as text lines for a terminal."""
    if not rows:
        return ["nothing is deployed in the local account"]
    width = max(len(row.resource_type) for row in rows)
    text = []
    for tier in ("native", "backed", "recorded only"):
        members = [row for row in rows if row.tier == tier]
        if not members:
            continue
        text.append(f"{tier}: {sum(row.resources for row in members)} resources of {len(members)} types")
        for row in members:
            state = "not read back" if not row.audited else f"lost: {', '.join(sorted(row.lost))}" if row.lost else "-"
            text.append(f"  {row.resource_type:<{width}}  {row.resources:>3}  {state}")
    checked, lost = sum(row.checked for row in rows), sum(sum(row.lost.values()) for row in rows)
    text.append(f"{checked} properties were read back, {lost} of them are lost in the emulator")
    text.append("These stacks deploy into a local emulator, with these gaps. That is no validation on AWS.")
    return text
