"""The one exception that a user may see: what is wrong, where, and how to mend it."""

from __future__ import annotations


class UserError(Exception):
    """A mistake in data or arguments that the user can mend: printed without a traceback, exit code 2.

    Args:
        message: what is wrong and where (file, line, column, value).
        hint: how to mend it, one sentence.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message
