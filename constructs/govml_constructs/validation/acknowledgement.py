"""Acknowledge a finding beside its cause, with reason, owner and expiry."""

from __future__ import annotations

import re
from datetime import date

import aws_cdk as cdk
from constructs import Construct

from govml_constructs.validation.acknowledgement_text import AcknowledgementText
from govml_constructs.validation.nag_rules import RULES
from govml_constructs.validation.source_line import caller

_CLOUDFORMATION_RULE = re.compile(r"CloudFormation-Validate::[A-Z]{1,3}\d{3,5}")
_OWN_RULE = re.compile(r"(?:GovML::)?(?P<id>GovML-[A-Z][A-Za-z0-9]+)")
_CDK_WARNING = re.compile(r"@aws-cdk/[A-Za-z0-9_.:-]+")


def acknowledge(
    construct: Construct, *rules: str, reason: str, owner: str, expires: str, finding: str | None = None
) -> None:
    """Accept findings on a construct and on everything under it.

    The gate (`govml gate`) shows every acknowledgement with the line of this call, and refuses those that have expired
    or match nothing.

    Args:
        construct: the construct that causes the finding; never a whole stack.
        rules: rule ids as cdk-nag writes them (`AwsSolutions-S1`, `NIST.800.53.R5-S3BucketLoggingEnabled`); also an own
            rule (`GovML-WildcardResource`), a finding of CDK's own validation (`CloudFormation-Validate::W3010`) or a
            CDK warning (`@aws-cdk/...`).
        reason: why it is right here, at least 20 characters.
        owner: the role or team that answers for it.
        expires: the last day on which it holds, `YYYY-MM-DD`; the gate takes at most 400 days ahead.
        finding: for rules with several findings on one resource (IAM4, IAM5, ...): the text in the brackets of the id,
            such as `Resource::*`; it must match exactly, there are no wildcards.

    Raises:
        ValueError: no rule, an unknown rule, a reason too short, a bad owner or date, or a whole stack.
    """
    if isinstance(construct, cdk.Stack | cdk.Stage):
        raise ValueError(f"{construct.node.path}: acknowledge beside the cause, not for a whole stack or stage")
    if not rules:
        raise ValueError("name at least one rule")
    text = str(AcknowledgementText(reason, owner, _day(expires), caller()))
    ids = [_qualified(rule) + (f"[{finding}]" if finding else "") for rule in rules]
    cdk.Validations.of(construct).acknowledge(*(cdk.Acknowledgment(id=each, reason=text) for each in ids))


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f"`expires` must be a date, YYYY-MM-DD: {text!r}")
    return date.fromisoformat(text)


def _qualified(rule: str) -> str:
    """Put the pack first: without it CDK drops the finding and leaves no trace of it in the report."""
    for pack, ids in RULES.items():
        if rule.removeprefix(f"{pack}::") in ids:
            return f"{pack}::{rule.removeprefix(f'{pack}::')}"
    if own := _OWN_RULE.fullmatch(rule):
        return f"GovML::{own['id']}"
    if _CLOUDFORMATION_RULE.fullmatch(rule) or _CDK_WARNING.fullmatch(rule):
        return rule
    raise ValueError(
        f"unknown rule {rule!r}: write it as the report does, such as AwsSolutions-S1; details go into `finding`"
    )
