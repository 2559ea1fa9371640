"""A function of the account calls AWS as its own role, so that the trail tells what it did from what people did."""

from __future__ import annotations

import hashlib
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sts


def credentials(config: dict[str, Any]) -> dict[str, str]:
    """Return the environment variables with a session of the function's role, named after the function."""
    role, name = config.get("Role", ""), config["FunctionName"]
    arn, _ = sts._assumed_role_arn(role, name[:64])
    if arn is None:  # no role that could be assumed: the account's own key, as the emulator has it
        native: dict[str, str] = _native(config)
        return native
    digest = hashlib.sha256(f"{config['FunctionArn']}:{role}".encode()).hexdigest()
    key, secret, token = f"ASIA{digest[:16].upper()}", digest[16:56], digest
    session = {
        "Arn": arn,
        "UserId": f"{sts._role_id(role)}:{name[:64]}",
        "SecretAccessKey": secret,
        "SessionToken": token,
        "AccountId": role.split(":")[4],
        "PrincipalType": "AssumedRole",
    }
    sts.register_session(key, session)
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


_native = lambda_runtime.execution_credentials


def install() -> None:
    """Give functions their role's session instead of the account's own key."""
    for module in (lambda_runtime, lambda_svc):
        module.execution_credentials = credentials
