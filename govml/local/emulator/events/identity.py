"""Who calls: the identity behind an access key, as CloudTrail and SageMaker tell it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.iam_evaluator import resolve_caller_identity
from ministack.core.router import extract_access_key_id
from ministack.services import iam

from govml.local.emulator.account import current_account


@dataclass(frozen=True)
class Caller:
    """The principal of a request.

    Args:
        access_key: access key id of the signature.
        arn: `...:root`, `...:user/NAME` or `...:assumed-role/ROLE/SESSION`.
        principal: its unique id, as in `AROA...:SESSION`.
        issued: Unix time at which a session was issued; None for long-lived keys.
    """

    access_key: str
    arn: str
    principal: str
    issued: float | None

    def iam_identity(self) -> dict[str, str]:
        """Return what SageMaker keeps as `CreatedBy.IamIdentity`."""
        return {"Arn": self.arn, "PrincipalId": self.principal}

    def user_identity(self) -> dict[str, Any]:
        """Return CloudTrail's `userIdentity` element."""
        account = self.arn.split(":")[4]
        common = {
            "principalId": self.principal,
            "arn": self.arn,
            "accountId": account,
            "accessKeyId": self.access_key,
        }
        if ":assumed-role/" in self.arn:
            return {"type": "AssumedRole", **common, "sessionContext": self._session(account)}
        if ":user/" in self.arn:
            return {"type": "IAMUser", **common, "userName": self.arn.rpartition("/")[2]}
        return {"type": "Root", **common}

    def _session(self, account: str) -> dict[str, Any]:
        name = self.arn.split("/")[1]
        role: Mapping[str, Any] = iam._roles.get_scoped(account, None, name) or {}
        issuer = {
            "type": "Role",
            "principalId": self.principal.partition(":")[0],
            "arn": role.get("Arn", f"arn:aws:iam::{account}:role/{name}"),
            "accountId": account,
            "userName": name,
        }
        issued = datetime.datetime.fromtimestamp(self.issued or 0, datetime.UTC)
        attributes = {"creationDate": issued.strftime("%Y-%m-%dT%H:%M:%SZ"), "mfaAuthenticated": "false"}
        return {"sessionIssuer": issuer, "webIdFederationData": {}, "attributes": attributes}


def caller(headers: Mapping[str, str]) -> Caller:
    """Return who signed a request. A key that nobody issued is the account's root, as the emulator treats it."""
    key = extract_access_key_id(dict(headers)) or current_account()
    found = resolve_caller_identity(key)
    if found is None:
        return Caller(key, f"arn:aws:iam::{current_account()}:root", current_account(), None)
    issued = (found["session"] or {}).get("IssuedAt")
    return Caller(key, found["userArn"], found["userId"], issued)
