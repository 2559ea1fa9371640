"""What a caller gets to see when a request is not answered: a status, a type that a program can act on, and the reasons."""

from __future__ import annotations

from typing import Any, Final, Literal

Kind = Literal[
    "malformed_request",
    "contract_violation",
    "unsupported_media_type",
    "not_acceptable",
    "payload_too_large",
    "request_timeout",
    "explanation_unavailable",
    "not_found",
    "method_not_allowed",
    "overloaded",
    "timeout",
    "internal",
]

#: Status of each type. All but the last three are the caller's to mend.
STATUS: Final[dict[Kind, int]] = {
    "malformed_request": 400,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "request_timeout": 408,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "contract_violation": 422,
    "explanation_unavailable": 422,
    "internal": 500,
    "overloaded": 503,
    "timeout": 504,
}


class RequestError(Exception):
    """A request that is not answered.

    Args:
        kind: see `STATUS`.
        message: what is wrong and how to mend it.
        details: one entry per violation: `row` (0 is the first instance), `column`, `value`, `reason`.
        headers: headers of the answer, such as `Retry-After`.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        details: list[dict[str, Any]] | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.details = details or []
        self.headers = headers or {}

    @property
    def status(self) -> int:
        """HTTP status."""
        return STATUS[self.kind]

    def body(self, model_version: str) -> dict[str, Any]:
        """Body of the answer."""
        error = {"type": self.kind, "message": str(self), "details": self.details}
        return {"error": error, "model_version": model_version}
