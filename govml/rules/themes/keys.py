"""KMS keys: rotation, whom the key policy lets in, where the key lives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.rules.access import account_of, services
from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, is_token, true

_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_LONGEST_ROTATION = 365
_SHORTEST_WAIT, _LONGEST_WAIT = 7, 30
# Services whose own documentation holds the grant to a log group, trail or delivery of this account
# (CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS"; CloudTrail user guide,
# "Configure AWS KMS key policies for CloudTrail").
# EventBridge sends no source to the key of an encrypted topic or queue (SNS developer guide, "Key management").
_SEND_NOTHING = frozenset({"events.amazonaws.com"})
_CONDITIONED = re.compile(r"(?:delivery\.)?logs\..*|cloudtrail\.amazonaws\.com")


@rule(
    "GovML-KeyRotation",
    "AWS::KMS::Key",
    title="A symmetric key rotates at least every year",
    rationale="Rotation bounds how much data one key protects, and how long a leaked one is of use.",
    severity="medium",
    controls=("SC-12", "SC-12(2)"),
    public_sector_controls=("CK-2",),
    source='KMS developer guide, "Rotate AWS KMS keys": symmetric encryption keys with key material of KMS only',
)
def key_rotation(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Asymmetric, HMAC and imported keys cannot rotate by themselves."""
    spec, origin = resource.get("KeySpec"), resource.get("Origin")
    if spec not in {None, "SYMMETRIC_DEFAULT"} or origin not in {None, "AWS_KMS"}:
        return
    if not true(resource.get("EnableKeyRotation")) and not is_token(resource.get("EnableKeyRotation")):
        yield "does not rotate: set EnableKeyRotation to true"
    period = str(resource.get("RotationPeriodInDays") or "")
    if period.isdigit() and int(period) > _LONGEST_ROTATION:
        yield f"rotates every {period} days: set RotationPeriodInDays to {_LONGEST_ROTATION} at most"


@rule(
    "GovML-KeyInService",
    *_KEYS,
    title="A key is enabled, can be rescued, and stays in its region",
    rationale="A disabled key or a lost policy closes the data for good; a multi-Region key can be copied out of Singapore.",
    severity="medium",
    controls=("SC-12", "SC-12(1)"),
    public_sector_controls=("CK-1", "DP-1"),
    source='KMS developer guide, "Multi-Region keys in AWS KMS", "Delete an AWS KMS key"',
)
def key_in_service(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at the switches beside the policy."""
    if false(resource.get("Enabled")):
        yield "is disabled: what it encrypts cannot be read"
    if true(resource.get("BypassPolicyLockoutSafetyCheck")):
        yield "skips the check that somebody can still change its policy"
    wait = str(resource.get("PendingWindowInDays") or "")
    if wait.isdigit() and not _SHORTEST_WAIT <= int(wait) <= _LONGEST_WAIT:
        yield f"waits {wait} days before it is deleted: {_SHORTEST_WAIT} to {_LONGEST_WAIT} are possible"
    if len(options.allowed_regions) < 2 and (true(resource.get("MultiRegion")) or resource.type == _KEYS[1]):
        yield "is a multi-Region key: its material can leave the region"


@rule(
    "GovML-KeyPolicy",
    *_KEYS,
    title="A key's policy names who uses it and who administers it",
    rationale="Only the account itself may hold every right; a service acts only for this account.",
    severity="high",
    controls=("AC-3", "AC-6", "SC-12"),
    public_sector_controls=("AC-1", "CK-1"),
    source='KMS developer guide, "Key policies in AWS KMS"',
)
def key_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Whoever is anybody or of another account is found by the rules on resource policies.

    Services that cannot always send a condition key are asked for their source where the policy asks another service for it.
    """
    statements = [each for found in resource_policies(resource) for each in found if each.allow]
    others = any(services(each) and each.held_by("aws:SourceAccount", "aws:SourceArn") for each in statements)
    for each in statements:
        if _gives_all(each):
            for kind, name in each.principals:
                if not _is_account(kind, name):
                    yield f"statement {each.sid} gives {name} every right on the key: name the actions"
        for service in services(each):
            if service not in _SEND_NOTHING and not each.conditions and (_CONDITIONED.fullmatch(service) or others):
                yield f"statement {each.sid} lets {service} use the key for any customer: add aws:SourceAccount or its context"
    whole = any(_gives_all(each) for each in statements)  # then IAM decides, whatever the other statements say
    for each in statements:
        account = any(_is_account(kind, name) for kind, name in each.principals)
        used = each.allows("kms:Decrypt") or each.allows("kms:CreateGrant")
        if account and used and not whole and not each.conditions and not each.allows("kms:PutKeyPolicy"):
            yield f"statement {each.sid} lets every role of the account use the key: name them by aws:PrincipalArn"
    written = isinstance(resource.get("KeyPolicy"), dict)
    if written and not any(each.allows("kms:PutKeyPolicy") for each in statements):
        yield "nobody may change its policy: give kms:* to the account"


def _is_account(kind: str, name: str) -> bool:
    """Return whether a principal is an account; that one delegates to IAM."""
    if kind not in {"AWS", "*"}:
        return False
    return name.endswith(":root") or name == "${AWS::AccountId}" or account_of(name) == name


def _gives_all(statement: PolicyStatement) -> bool:
    return bool(statement.not_actions) or any(action in {"*", "kms:*"} for action in statement.actions)
