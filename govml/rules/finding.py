"""What a rule says of one resource of one template."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule.

    Args:
        template: the template's path, as the caller gave it.
        logical_id: the resource in it; empty when the finding is about the template itself.
        rule: id of the rule, such as `GovML-RoleBoundary`.
        severity: `high` opens a way in or out; `medium` takes a safeguard away; `low` makes review harder.
        message: what is wrong and how to mend it.
    """

    template: str
    logical_id: str
    rule: str
    severity: Severity
    message: str

    def as_json(self) -> dict[str, str]:
        """Return the finding as `govml rules check --json` prints it."""
        return dict(asdict(self))
