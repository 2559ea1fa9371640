"""The text of an acknowledgement: a reason, who answers for it, and until when. Written at synth, read by the gate.

Free of `aws_cdk`, so that the gate can read what the constructs wrote without paying for its import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

SHORTEST_REASON = 20
"""Characters; fewer cannot say what the risk is and what stands against it."""

_TEXT = re.compile(r"(?P<reason>.*) \[owner=(?P<owner>[^\[\];]+); expires=(?P<expires>\d{4}-\d{2}-\d{2})\]", re.DOTALL)
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@+-]{1,63}")


@dataclass(frozen=True)
class AcknowledgementText:
    """What an acknowledgement says.

    Args:
        reason: why the finding is accepted here, at least `SHORTEST_REASON` characters.
        owner: the role or team that answers for it.
        expires: the last day on which it holds.
    """

    reason: str
    owner: str
    expires: date

    def __post_init__(self) -> None:
        """Refuse what a reviewer could not use.

        Raises:
            ValueError: a reason too short or with our own delimiters, or an owner that is not a plain name.
        """
        if len(self.reason.strip()) < SHORTEST_REASON:
            raise ValueError(f"the reason is shorter than {SHORTEST_REASON} characters: {self.reason!r}")
        if "[owner=" in self.reason:
            raise ValueError("the reason must not contain `[owner=`")
        if not _OWNER.fullmatch(self.owner):
            raise ValueError(f"the owner must be the name of a role or a team: {self.owner!r}")

    def __str__(self) -> str:
        return f"{self.reason.strip()} [owner={self.owner}; expires={self.expires.isoformat()}]"

    @classmethod
    def parse(cls, text: str) -> AcknowledgementText:
        """Read back what `str()` wrote.

        Raises:
            ValueError: not such a text, or one that breaks its rules.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError("it has no owner and expiry")
        return cls(match["reason"], match["owner"], date.fromisoformat(match["expires"]))
