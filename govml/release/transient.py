"""Failures of AWS that pass by themselves, apart from those that do not."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

_PASSING = {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "OperationAborted",
    "OperationInProgressException",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}


def patient() -> Config:
    """Return how boto3's clients retry: five tries with growing pauses, before the message goes back to the queue."""
    return Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=60)


def is_passing(error: Exception) -> bool:
    """Whether the same call may well succeed later."""
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return True
    return isinstance(error, ClientError) and (
        error_code(error) in _PASSING or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500
    )


def error_code(error: ClientError) -> str:
    """Return the service's name of the error, as in `ThrottlingException`."""
    return str(_error(error).get("Code", ""))


def error_text(error: ClientError) -> str:
    """Return the service's own words."""
    return str(_error(error).get("Message") or error_code(error))


def _error(error: ClientError) -> dict[str, Any]:
    return dict(error.response.get("Error", {}))
