"""What a caller gets to see when a request is refused: a status, a type that a program can act on, and the reasons."""

from __future__ import annotations

from typing import Any


class RequestError(Exception):
    """A request that cannot be answered; the caller's to mend.

    Args:
        status: HTTP status, 4xx.
        kind: `malformed_request`, `contract_violation`, `unsupported_media_type`, `not_acceptable` or
            `payload_too_large`.
        message: what is wrong and how to mend it.
        details: one entry per violation: `row` (0 is the first instance), `column`, `value`, `reason`.
    """

    def __init__(self, status: int, kind: str, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.details = details or []

    def body(self) -> dict[str, Any]:
        """Body of the answer."""
        return {"error": {"type": self.kind, "message": str(self), "details": self.details}}
