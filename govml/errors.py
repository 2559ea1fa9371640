"""The one exception that a user may see: what is wrong, where, and how to mend it."""

from __future__ import annotations


class UserError(Exception):
    """A mistake that the user can mend. The command line prints it without a traceback and exits with 2.

    Args:
        message: what is wrong and where (file, line, path, value).
        hint: how to mend it, one sentence; printed on its own line.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message
