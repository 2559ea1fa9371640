"""Problems of an agency file, each with its place, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govml.errors import UserError

_LONGEST_VALUE = 60
_MOST_LISTED = 100


@dataclass(frozen=True)
class Problem:
    """One problem of an agency file.

    Args:
        line: 1 is the first; 0 when it has none.
        path: where it is, such as `environments.dev.cidr`.
        message: what is wrong.
        hint: how to mend it, or empty.
        value: the value as written, or empty.
    """

    line: int
    path: str
    message: str
    hint: str = ""
    value: str = ""

    def text(self, file: str) -> str:
        """Return the lines that a person reads: `file:line: path = value: message`, and the hint on its own line."""
        place = f"{file}:{self.line}" if self.line else file
        subject = f"{self.path} = {self.value}" if self.value else self.path
        first = ": ".join(part for part in (place, subject, self.message) if part)
        return f"{first}\n    hint: {self.hint}" if self.hint else first


def shown(value: Any, longest: int = _LONGEST_VALUE) -> str:
    """Return text that is safe to print: one line, cut at `longest` characters, control characters escaped."""
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(value))
    return text if len(text) <= longest else text[:longest] + "..."


def refusal(file: str, problems: list[Problem]) -> UserError:
    """Return the error that lists the problems of a file, in the order of its lines: all but those beyond a hundred."""
    ordered = sorted(problems, key=lambda problem: (problem.line, problem.path, problem.message))
    count = f"{len(ordered)} problem{'s' if len(ordered) > 1 else ''}"
    listed = "\n".join(f"  {problem.text(file)}" for problem in ordered[:_MOST_LISTED])
    if len(ordered) > _MOST_LISTED:
        listed += f"\n  and {len(ordered) - _MOST_LISTED} more: is it an agency file?"
    return UserError(f"{file} has {count}:\n{listed}")
