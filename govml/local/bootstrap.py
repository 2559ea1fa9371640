"""`cdk bootstrap` of the local account, with an execution policy of its own."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.local.access import Connection
from govml.local.cdk_cli import CliRun, run_cdk
from govml.local.execution_policy import execution_policy

_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_VERSIONS_KEPT = 5  # IAM keeps five versions of a policy


def bootstrap(
    connection: Connection, *, agency: str, role_path: str = "/", permissions_boundary: str | None = None
) -> CliRun:
    """Create the execution policy, then run `cdk bootstrap`. Safe to repeat.

    Args:
        connection: the local account.
        agency: the agency file's `agency`.
        role_path: IAM path of the roles.
        permissions_boundary: name of the boundary that the landing zone demands. Only the landing zone knows its
            content, so a stand-in of that name, which allows everything, takes its place here.
    """
    iam = connection.client("iam")
    document = execution_policy(
        account=connection.account, region=connection.region, agency=agency, role_path=role_path
    )
    arn = _put_policy(iam, connection.account, f"{agency}-cloudformation-execution", document)
    arguments = [
        "bootstrap",
        f"aws://{connection.account}/{connection.region}",
        "--cloudformation-execution-policies",
        arn,
    ]
    if permissions_boundary:
        stand_in = {
            "Version": "2012-10-17",
            "Statement": [{"Sid": "StandIn", "Effect": "Allow", "Action": "*", "Resource": "*"}],
        }
        _put_policy(iam, connection.account, permissions_boundary, stand_in)
        arguments += ["--custom-permissions-boundary", permissions_boundary]
        arguments += ["--apply-permissions-boundary-to-all-roles"]  # a landing zone asks every role for it
    return run_cdk(connection, arguments, log_name="cdk-bootstrap.log")


def require_bootstrapped(connection: Connection) -> None:
    """Check that `cdk bootstrap` has been run.

    Raises:
        UserError: it has not.
    """
    try:
        connection.client("ssm").get_parameter(Name=_BOOTSTRAP_PARAMETER)
    except ClientError as error:
        raise UserError("the local account is not bootstrapped", hint="run `govml local bootstrap` first") from error


def _put_policy(iam: Any, account: str, name: str, document: dict[str, Any]) -> str:
    """Create a managed policy, or make the document its new default version; return the ARN."""
    arn = f"arn:aws:iam::{account}:policy/{name}"
    text = json.dumps(document)
    try:
        iam.create_policy(PolicyName=name, PolicyDocument=text)
    except iam.exceptions.EntityAlreadyExistsException:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) >= _VERSIONS_KEPT:
            oldest = [version["VersionId"] for version in versions if not version["IsDefaultVersion"]][-1]
            with suppress(iam.exceptions.NoSuchEntityException):
                iam.delete_policy_version(PolicyArn=arn, VersionId=oldest)
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return arn
