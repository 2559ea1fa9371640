"""Separated duties: whether a person may approve a version, and whether a sign-off counts."""

from __future__ import annotations

from collections.abc import Iterable

from govml.release.events import Claim
from govml.release.identity import Identity, person
from govml.release.rules import Rules


def reason_to_refuse(claim: Claim, *, account: str, trainers: Iterable[Identity], rules: Rules) -> str:
    """Return why an approval does not count, one sentence; empty when it does.

    Args:
        claim: the approval.
        account: the environment's account, 12 digits.
        trainers: who started the training of the version, or registered it.
        rules: the use case's rules.
    """
    who, made_by = claim.who, tuple(trainers)
    if who.role not in rules.approvers or who.account != account:
        return f"{who.label} holds none of the roles that approve: {', '.join(rules.approvers)}"
    if not who.names:
        return f"the session of {who.role} does not name a person"
    if not any(each.arn for each in made_by):
        return "nobody knows who trained this version"
    if any(who.is_same_person(each) for each in made_by):
        return f"{who.label} trained this version"
    if any(who.is_same_person(person(name)) for name in rules.deployers):
        return f"{who.label} deploys"
    return ""


def is_sign_off(claim: Claim, *, account: str, rules: Rules) -> bool:
    """Whether a sign-off was made by a person of the very consumer in whose name it stands."""
    own = claim.value == claim.who.role and claim.who.account == account
    return own and claim.value in rules.consumers and bool(claim.who.names)


def may_order(claim: Claim, *, account: str, rules: Rules) -> bool:
    """Whether a person may freeze releases or end the service."""
    return claim.who.role in rules.operators and claim.who.account == account and bool(claim.who.names)
