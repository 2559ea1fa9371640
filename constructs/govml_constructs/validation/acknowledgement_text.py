"""The text of an acknowledgement: a reason, who answers for it, until when, and the line of code that says so.

Written at synth, read by the gate and by the evidence.

Free of `aws_cdk`, so that they can read what the constructs wrote without paying for its import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

SHORTEST_REASON = 20
"""Characters; fewer cannot say what the risk is and what stands against it."""

_TEXT = re.compile(
    r"(?P<reason>.*) \[owner=(?P<owner>[^\[\];]+); expires=(?P<expires>\d{4}-\d{2}-\d{2})"
    r"(?:; source=(?P<source>[^\[\];]+))?\]",
    re.DOTALL,
)
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@+-]{1,63}")
_SOURCE = re.compile(r"(?!/)(?!.*\.\./)[A-Za-z0-9_./-]+:[1-9][0-9]*")


@dataclass(frozen=True)
class AcknowledgementText:
    """What an acknowledgement says.

    Args:
        reason: why the finding is accepted here, at least `SHORTEST_REASON` characters.
        owner: the role or team that answers for it.
        expires: the last day on which it holds.
        source: file and line of the `acknowledge(...)`, as in `stacks/foundation/network.py:103`: relative to the repository, so
            that an assembly is the same on every machine. Empty when the text was not written by `acknowledge`.
    """

    reason: str
    owner: str
    expires: date
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what a reviewer could not use.

        Raises:
            ValueError: a reason too short or with our own delimiters, an owner that is not a plain name, or a source
                that is no relative path with a line.
        """
        if len(self.reason.strip()) < SHORTEST_REASON:
            raise ValueError(f"the reason is shorter than {SHORTEST_REASON} characters: {self.reason!r}")
        if "[owner=" in self.reason:
            raise ValueError("the reason must not contain `[owner=`")
        if not _OWNER.fullmatch(self.owner):
            raise ValueError(f"the owner must be the name of a role or a team: {self.owner!r}")
        if self.source and not _SOURCE.fullmatch(self.source):
            raise ValueError(f"the source must be a relative path and a line, file.py:12: {self.source!r}")

    def __str__(self) -> str:
        source = f"; source={self.source}" if self.source else ""
        return f"{self.reason.strip()} [owner={self.owner}; expires={self.expires.isoformat()}{source}]"

    @classmethod
    def parse(cls, text: str) -> AcknowledgementText:
        """Read back what `str()` wrote.

        Raises:
            ValueError: not such a text, or one that breaks its rules.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError("it has no owner and expiry")
        return cls(match["reason"], match["owner"], date.fromisoformat(match["expires"]), match["source"] or "")
