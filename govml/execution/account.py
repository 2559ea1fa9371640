"""What the executor needs of an account: where it is, credentials for children, and boto3 clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import ClientError, EndpointConnectionError

from govml.errors import UserError


class Account(Protocol):
    """The local account's connection, as `govml.local.connection()` returns it."""

    @property
    def account(self) -> str:
        """Twelve-digit account id."""
        ...

    @property
    def region(self) -> str:
        """Region, such as ap-southeast-1."""
        ...

    def environ(self) -> dict[str, str]:
        """Return the environment variables with which an AWS SDK reaches this account."""
        ...

    def client(self, service: str) -> Any:
        """Return a boto3 client of `service`."""


def error_code(error: ClientError) -> str:
    """Return the service's error code, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def error_text(error: ClientError) -> str:
    """Return the service's message, or its code where it sends no message."""
    return str(error.response.get("Error", {}).get("Message") or error_code(error))


@contextmanager
def reachable() -> Iterator[None]:
    """Turn a refused connection to the account into an error that the user can mend."""
    try:
        yield
    except EndpointConnectionError as error:
        raise UserError(f"the local account does not answer: {error}", hint="start it with `govml local up`") from error


def deployed_pipeline(account: Account, name: str) -> Mapping[str, Any]:
    """Return `sagemaker:DescribePipeline` of a pipeline.

    Raises:
        UserError: there is no such pipeline in the account.
    """
    with reachable():
        try:
            description: Mapping[str, Any] = account.client("sagemaker").describe_pipeline(PipelineName=name)
        except ClientError as error:
            if error_code(error) not in ("ResourceNotFound", "ValidationException"):
                raise
            raise UserError(
                f"there is no pipeline {name} in the local account {account.account}",
                hint="deploy the stacks first: `govml local deploy`",
            ) from error
    return description
