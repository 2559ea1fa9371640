"""An AWS-style error answer for the JSON protocols."""

from __future__ import annotations

import json


class ApiError(Exception):
    """An API call that is refused, as the service would refuse it.

    Args:
        code: AWS error code, as in `ResourceNotFoundException`.
        message: what is wrong.
        status: HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def response(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body."""
        body = {"__type": self.code, "message": self.message, "Message": self.message}
        headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": self.code}
        return self.status, headers, json.dumps(body).encode()
