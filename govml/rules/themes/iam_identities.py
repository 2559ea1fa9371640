"""Identities: where their permissions stand, and which should not exist."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template


@rule(
    "GovML-InlinePolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    title="Permissions stand in customer-managed policies",
    rationale="An inline policy has no versions, is in no list of policies, and the landing zone flags it.",
    severity="medium",
    controls=("AC-6", "CM-3"),
    public_sector_controls=("AC-4",),
)
def inline_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for Policies and for the types that are inline by nature."""
    inline = (
        "Policies" if resource.type in {"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"} else "PolicyDocument"
    )
    if resource.get(inline):
        yield "has an inline policy: make it an AWS::IAM::ManagedPolicy and attach that"


@rule(
    "GovML-IamUser",
    "AWS::IAM::User",
    "AWS::IAM::AccessKey",
    title="No user and no long-lived access key",
    rationale="Long-lived keys leak and outlive their owner; people come by single sign-on, machines by roles.",
    severity="high",
    controls=("IA-2", "IA-5", "AC-2"),
    public_sector_controls=("AC-12", "AC-13"),
)
def iam_user(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A user or key in a template is one too many."""
    what = "a user" if resource.type == "AWS::IAM::User" else "an access key"
    yield f"makes {what}: use a role, with single sign-on for people and OIDC for pipelines"


@rule(
    "GovML-LongSession",
    "AWS::IAM::Role",
    title="A session of a role ends within 12 hours",
    rationale="CloudFormation takes any number that IAM does; longer than a working day is never needed.",
    severity="low",
    controls=("AC-12",),
)
def long_session(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """IAM's own maximum is 12 hours; the template may ask for more by mistake."""
    seconds = resource.get("MaxSessionDuration")
    if isinstance(seconds, int) and seconds > 43_200:
        yield f"its sessions last {seconds} seconds: 43200 is the most"
