"""Refusals as SageMaker Runtime gives them."""

from __future__ import annotations

import json
from typing import Any


class RuntimeRefusal(Exception):
    """A request that is answered with an error of the service.

    Args:
        code: error code, as in `ValidationError`; empty for an error that the service gives no name.
        message: what is wrong.
        status: HTTP status.
        members: further members of the error's body.
    """

    def __init__(self, code: str, message: str, status: int, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members

    def body(self) -> bytes:
        """Return the JSON body."""
        return json.dumps({"Message": self.message, "message": self.message, **self.members}).encode()

    def headers(self) -> dict[str, str]:
        """Return the headers, from which SDKs take the error's name."""
        named = {"x-amzn-ErrorType": self.code} if self.code else {}
        return {"Content-Type": "application/json", **named}


def validation_error(message: str) -> RuntimeRefusal:
    """Return the refusal of a request that names what does not exist, or says something impossible."""
    return RuntimeRefusal("ValidationError", message, 400)


def unavailable(message: str) -> RuntimeRefusal:
    """Return the refusal of a request for which there is no model process."""
    return RuntimeRefusal("ServiceUnavailable", message, 503)


def model_error(status: int, answer: bytes, *, endpoint: str, region: str, account: str) -> RuntimeRefusal:
    """Return what a client gets when the model itself answered with an error.

    Args:
        status: the model's HTTP status; 0 when it did not answer in time.
        answer: its body.
        endpoint: endpoint name.
        region: region.
        account: account id.
    """
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    text = answer.decode("utf-8", errors="replace")
    side = "client" if 400 <= status < 500 else "server"
    message = (
        f'Received {side} error ({status}) from primary with message "{text}". '
        f"See the log group {group} in account {account} for more information."
    )
    arn = f"arn:aws:logs:{region}:{account}:log-group:{group}"
    return RuntimeRefusal("ModelError", message, 424, OriginalStatusCode=status, OriginalMessage=text, LogStreamArn=arn)
