"""What a check found: figures for the report, and reasons where it failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    Args:
        name: `validation`, `comparison` or `load`.
        summary: a sentence.
        failures: why it failed, one sentence each; none: it passed.
        figures: what was measured, for the report.
    """

    name: str
    summary: str
    failures: tuple[str, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """Return it for the report."""
        return {
            "passed": self.passed,
            "summary": self.summary,
            "failures": list(self.failures),
            "figures": self.figures,
        }
