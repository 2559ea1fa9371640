"""A token of the workspace's service account: made for one run, gone after it, never stored and never logged."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

ACCOUNT: Final = "govml-publisher"
#: A run takes seconds; should it be stopped before it can delete the token, the token dies by itself.
LIFE_SECONDS: Final = 900


@contextmanager
def temporary_token(client: Any, workspace_id: str) -> Iterator[str]:
    """Give a token of a service account that may change dashboards and data sources, and delete it at the end.

    The account stays, as each new one would count as a user; without a token nobody can be it.

    Args:
        client: boto3 client of `grafana`.
        workspace_id: as in `g-0123456789`.

    Raises:
        botocore.exceptions.ClientError: the service refuses.
    """
    account = _account(client, workspace_id)
    made = client.create_workspace_service_account_token(
        workspaceId=workspace_id,
        serviceAccountId=account,
        name=f"run-{secrets.token_hex(8)}",
        secondsToLive=LIFE_SECONDS,
    )["serviceAccountToken"]
    try:
        yield str(made["key"])
    finally:
        client.delete_workspace_service_account_token(
            workspaceId=workspace_id, serviceAccountId=account, tokenId=made["id"]
        )


def _account(client: Any, workspace_id: str) -> str:
    for page in client.get_paginator("list_workspace_service_accounts").paginate(workspaceId=workspace_id):
        for each in page["serviceAccounts"]:
            if each["name"] == ACCOUNT:
                return str(each["id"])
    # data sources are an administrator's; an editor could not set them
    made = client.create_workspace_service_account(workspaceId=workspace_id, name=ACCOUNT, grafanaRole="ADMIN")
    return str(made["id"])
