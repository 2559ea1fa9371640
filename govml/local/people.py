"""Acting as a person in the local account: a session of a role under the person's name, as a sign-in gives one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from govml.errors import UserError
from govml.local.access import Connection, require_loopback


def acting_as(connection: Connection, role_arn: str, person: str) -> Callable[[str], Any]:
    """Return what makes boto3's clients of a session of a role, so that the account knows who calls.

    Args:
        connection: the running local account.
        role_arn: ARN of the role.
        person: name of the session.

    Raises:
        UserError: there is no such role in the account.
    """
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import ClientError

    require_loopback(connection.endpoint_url)
    try:
        name = role_arn.rpartition("/")[2]
        connection.client("iam").get_role(RoleName=name)
        given = connection.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=person)["Credentials"]
    except ClientError as error:
        raise UserError(
            f"nobody can be {role_arn} here: {error.response['Error'].get('Message')}",
            hint="deploy the stacks first: `govml local deploy`; --as takes a role for people, or a role's name",
        ) from error
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    session.set_config_variable("config_file", os.devnull)
    session.set_config_variable("credentials_file", os.devnull)

    def client(service: str) -> Any:
        return session.create_client(
            service,
            region_name=connection.region,
            endpoint_url=connection.endpoint_url,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            config=Config(retries={"max_attempts": 0}, proxies={}, s3={"addressing_style": "path"}),
        )

    return client
