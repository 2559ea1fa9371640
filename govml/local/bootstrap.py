"""`cdk bootstrap` of the local account, with an execution policy of its own."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from govml.bootstrap.assembly import bootstrap_parameters, read_stacks
from govml.bootstrap.iam_statements import POLICY_PATH
from govml.bootstrap.kit import Kit
from govml.errors import UserError
from govml.local.access import Connection
from govml.local.cdk_cli import CliRun, run_cdk

_VERSIONS_KEPT = 5  # IAM keeps five versions of a policy


def bootstrap(connection: Connection, kit: Kit) -> CliRun:
    """Create the policies of a kit, then run its `cdk bootstrap`. Safe to repeat.

    Args:
        connection: the local account.
        kit: policies and arguments. The permissions boundary that it names is known to the landing zone only, so a
            stand-in of that name, which allows everything, takes its place here.
    """
    iam = connection.client("iam")
    if kit.permissions_boundary:
        stand_in = {
            "Version": "2012-10-17",
            "Statement": [{"Sid": "StandIn", "Effect": "Allow", "Action": "*", "Resource": "*"}],
        }
        _put_policy(iam, connection.account, kit.permissions_boundary, stand_in)
    for policy in kit.policies:
        _put_policy(iam, connection.account, policy.name, policy.document, path=POLICY_PATH)
    # The local account is gone with its process, so nothing in it is protected against deletion.
    arguments = [argument for argument in kit.arguments if argument != "--termination-protection"]
    return run_cdk(connection, arguments, log_name="cdk-bootstrap.log")


def require_bootstrapped(connection: Connection, assembly: Path) -> None:
    """Check that `cdk bootstrap` has been run with the qualifier that the stacks of an assembly were made for.

    Raises:
        UserError: it has not.
    """
    for name in bootstrap_parameters(read_stacks(assembly)):
        try:
            connection.client("ssm").get_parameter(Name=name)
        except ClientError as error:
            hint = "run `govml local bootstrap` first"
            raise UserError(f"the local account is not bootstrapped: it lacks {name}", hint=hint) from error


def _put_policy(iam: Any, account: str, name: str, document: dict[str, Any], *, path: str = "/") -> str:
    """Create a managed policy, or make the document its new default version; return the ARN."""
    arn = f"arn:aws:iam::{account}:policy{path}{name}"
    text = json.dumps(document)
    try:
        iam.create_policy(PolicyName=name, Path=path, PolicyDocument=text)
    except iam.exceptions.EntityAlreadyExistsException:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) >= _VERSIONS_KEPT:
            oldest = [version["VersionId"] for version in versions if not version["IsDefaultVersion"]][-1]
            with suppress(iam.exceptions.NoSuchEntityException):
                iam.delete_policy_version(PolicyArn=arn, VersionId=oldest)
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return arn
