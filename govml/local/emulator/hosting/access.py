"""What the front needs to know of an access key: the secret behind it, and whether its owner may invoke an endpoint."""

from __future__ import annotations

from typing import Any

from ministack.core.iam_evaluator import AuthError, EvalContext, evaluate, resolve_principal
from ministack.services import iam, sts

from govml.local.emulator.account import current_account, current_region
from govml.local.emulator.backends import moto

# The account's own key is its id, with this secret (`govml.local.access`).
ROOT_SECRET = "local"  # noqa: S105 - a fake credential of an account on loopback

Parameters = dict[str, Any]


def credential(parameters: Parameters) -> Parameters:
    """Return `secret`, `token` and `expires` (Unix time) of an access key; nothing when nobody issued it."""
    key = parameters["access_key"]
    if key == current_account():
        return {"secret": ROOT_SECRET, "token": None, "expires": None}
    session = sts._sessions.get(key)
    if session is not None:
        return {
            "secret": session["SecretAccessKey"],
            "token": session["SessionToken"],
            "expires": session.get("Expiration"),
        }
    record = iam._access_keys.get_scoped(current_account(), None, key)
    if record is not None and record.get("Status", "Active") == "Active":
        return {"secret": record["SecretAccessKey"], "token": None, "expires": None}
    return {}


def permission(parameters: Parameters) -> Parameters:
    """Judge an action by the policies of the key's owner: `allowed`, and the `principal`'s ARN.

    The rest of the local account enforces no policy; an invocation is the one call that consumers make themselves.
    """
    principal = resolve_principal(parameters["access_key"], current_account())
    if isinstance(principal, AuthError):
        return {"allowed": False, "principal": ""}
    if principal.policies is None:
        return {"allowed": True, "principal": principal.arn}
    context = EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=parameters["action"],
        resource_arn=parameters["resource"],
        region=current_region(),
        service_context=_tags(parameters["resource"]),
        principal_keys=principal.keys,
    )
    result = evaluate(context, principal.policies, *principal.limits)
    return {"allowed": result.decision == "Allow", "principal": principal.arn}


def _tags(arn: str) -> dict[str, Any]:
    endpoint = moto.backend("sagemaker").endpoints.get(arn.rpartition("/")[2])
    found = {f"aws:resourcetag/{tag['Key']}".lower(): tag["Value"] for tag in (endpoint.tags if endpoint else [])}
    return {**found, "aws:tagkeys": None}
