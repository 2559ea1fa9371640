"""Whom a statement of a resource policy lets in: everybody, other accounts, or services without naming for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from govml.rules.options import Options
from govml.rules.policies import PolicyStatement

_ACCOUNT = re.compile(r"(?:arn:(?:\$\{[^}]*\}|[^:]*):(?:iam|sts)::)?(?P<account>\d{12})(?::.*)?")

# Condition keys that hold a caller to an account, an organisation, a network or a resource (IAM user guide, "AWS global
# condition context keys", and the services' own keys).
BOUNDING_KEYS = (
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalServiceName",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:ResourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceAccount",
    "aws:SourceOwner",
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:SourceIp",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
    "elasticfilesystem:AccessedViaMountTarget",
)
_EVERYWHERE = frozenset({"*", "**", "0.0.0.0/0", "::/0", "o-*", "arn:*", "arn:aws:*", "false"})


def everybody(statement: PolicyStatement) -> bool:
    """Return whether a statement's principals are anybody."""
    return statement.not_principals or any(kind in {"*", "AWS"} and name == "*" for kind, name in statement.principals)


def bounded(statement: PolicyStatement, keys: Iterable[str] = BOUNDING_KEYS) -> bool:
    """Return whether a condition holds the callers to something narrower than everybody."""
    for key in keys:
        values = statement.conditions.get(key.lower())
        if values and not _EVERYWHERE.intersection(values):
            return True
    return False


def fenced(statements: Iterable[PolicyStatement]) -> bool:
    """Return whether a Deny for everybody else bounds what the policy's other statements allow."""
    keys = {key.lower() for key in BOUNDING_KEYS}
    return any(
        not each.allow
        and (everybody(each))
        and any("Not" in operator and key.lower() in keys for operator, key, _ in each.operators)
        for each in statements
    )


def account_of(principal: str) -> str | None:
    """Return the account in a principal's ARN or id when the template names it, else None."""
    match = _ACCOUNT.fullmatch(principal)
    return match["account"] if match else None


def foreign_accounts(
    statement: PolicyStatement, options: Options, known: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Return the accounts that a statement lets in and that are not the agency's.

    Args:
        statement: an Allow.
        options: the agency's accounts and organisation.
        known: accounts of AWS's own services that may be let in.
    """
    named = statement.conditions.get("aws:principalorgid", ())
    if named and (options.organization_id is None or set(named) <= {options.organization_id}):
        return
    for kind, name in statement.principals:
        account = account_of(name) if kind in {"*", "AWS"} else None
        if account and account not in options.accounts and account not in known:
            yield account


def services(statement: PolicyStatement) -> list[str]:
    """Return the services among a statement's principals."""
    return [name for kind, name in statement.principals if kind == "Service"]
