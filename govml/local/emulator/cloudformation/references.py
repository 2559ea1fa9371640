"""A request that names a role or a key which does not exist is refused, as the real services refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from govml.local.emulator.account import client, current_account

_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:[^\"'\s]*/)?([\w+=,.@-]+)")
_KEY = re.compile(r"arn:aws:kms:[\w-]+:(\d{12}):key/([\w-]+)")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def require_existing(resource_type: str, request: dict[str, Any]) -> None:
    """Look up every role and key of this account that a request names as a whole value.

    Raises:
        ValueError: one of them does not exist.
    """
    account = current_account()
    for text in set(_strings(request)):
        role, key = _ROLE.fullmatch(text), _KEY.fullmatch(text)
        try:
            if role and role[1] == account:
                client("iam").get_role(RoleName=role[2])
            if key and key[1] == account:
                client("kms").describe_key(KeyId=text)
        except ClientError as error:
            raise ValueError(f"{resource_type} refers to {text}, which does not exist") from error
