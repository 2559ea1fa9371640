"""Resource policies of every kind: statements that allow or deny something else than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import RESOURCE_POLICIES, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

_JUDGED = tuple(each for each in RESOURCE_POLICIES if each != "AWS::EC2::VPCEndpoint")  # endpoints have their own rule


@rule(
    "GovML-ResourcePolicyActions",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::Backup::BackupVault",
    "AWS::DynamoDB::Table",
    "AWS::Kinesis::ResourcePolicy",
    title="A resource policy names what it allows",
    rationale="`s3:*` holds the right to change the policy itself.",
    severity="high",
    controls=("AC-6", "AC-3"),
    public_sector_controls=("AC-1",),
)
def resource_policy_actions(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find an Allow of everything that the service can do."""
    for found in resource_policies(resource):
        for each in found:
            wide = [action for action in each.actions if action == "*" or action.endswith(":*")]
            if each.allow and (wide or each.not_actions):
                yield f"statement {each.sid} allows {', '.join(wide) or 'all but some actions'}: name the actions"


@rule(
    "GovML-WeakDeny",
    *_JUDGED,
    title="A Deny that stands for a safeguard denies",
    rationale="A Deny to one principal, or under a condition that never holds, reads like a safeguard and is none.",
    severity="medium",
    controls=("AC-3", "SC-8"),
    public_sector_controls=("DP-3", "NS-2"),
)
def weak_deny(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find conditions on encryption and TLS that can never be met."""
    for found in resource_policies(resource):
        for each in found:
            for operator, key, values in each.operators:
                lowered = key.lower()
                if lowered == "aws:securetransport" and not each.allow and [v.lower() for v in values] == ["true"]:
                    yield f"statement {each.sid} denies requests WITH TLS: write aws:SecureTransport false"
                if lowered == "aws:securetransport" and not operator.startswith(("Bool", "Null")):
                    yield f"statement {each.sid} compares aws:SecureTransport by {operator}: write Bool"
                weak_tls = lowered == "s3:tlsversion" and not each.allow and operator.startswith("NumericLessThan")
                if weak_tls and any(_number(value) < 1.2 for value in values):
                    yield f"statement {each.sid} accepts TLS {values[0]}: write 1.2"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 99.0
