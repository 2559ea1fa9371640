"""What the gate says: which packs ran, over how much, what was accepted, and what stands against the assembly."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """One reason to refuse the assembly.

    Args:
        kind: short name of the check, such as `open-finding`; for machines.
        rule: the rule or plugin that it is about.
        path: construct path, or empty.
        message: what is wrong, one sentence.
        hint: how to mend it, or empty.
    """

    kind: str
    rule: str
    path: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Accepted:
    """One acknowledged finding: rule, where it was acknowledged, how many constructs it covers, and its text.

    `source` is the line of code that acknowledges it, relative to the repository.
    """

    rule: str
    severity: str
    path: str
    constructs: int
    reason: str
    owner: str
    expires: date
    source: str


@dataclass(frozen=True)
class Verdict:
    """The whole judgement; `passed` decides the exit code."""

    packs: tuple[str, ...]
    stacks: int
    resources: int
    accepted: tuple[Accepted, ...]
    refusals: tuple[Refusal, ...]
    own_rules: int = 0

    @property
    def passed(self) -> bool:
        """Return whether nothing stands against the assembly."""
        return not self.refusals

    def as_data(self) -> dict[str, Any]:
        """Return plain data for JSON; dates as YYYY-MM-DD."""
        accepted = [{**asdict(item), "expires": item.expires.isoformat()} for item in self.accepted]
        return {"passed": self.passed, **asdict(self), "accepted": accepted}
