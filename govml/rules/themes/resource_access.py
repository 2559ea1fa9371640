"""Resource policies of every kind: who is let in from outside."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.access import bounded, everybody, fenced, foreign_accounts, services
from govml.rules.options import Options
from govml.rules.policies import RESOURCE_POLICIES, PolicyStatement, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

_JUDGED = tuple(each for each in RESOURCE_POLICIES if each != "AWS::EC2::VPCEndpoint")  # endpoints have their own rule
# The account of AWS that writes load balancers' access logs in Singapore
# (Application Load Balancer guide, "Enable access logs for your Application Load Balancer").
_LOG_DELIVERY = frozenset({"114774131450"})
_CONFUSED_DEPUTY = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner")
# Resource types to which services of this account send, and services that name for whom they do
# (documentation of each service, "Cross-service confused deputy prevention").
_RECEIVERS = frozenset(
    {"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::Logs::ResourcePolicy"}
)
_SENDERS = frozenset(
    f"{service}.amazonaws.com"
    for service in (
        *("s3", "sns", "cloudtrail", "config", "logging.s3", "delivery.logs", "ses", "iot", "backup"),
        *("cloudwatch", "scheduler", "vpc-flow-logs", "guardduty", "inspector2", "costalerts", "budgets"),
    )
)
# EventBridge names its rule to queues; to topics it did not always, and tools leave the condition out there. So it is
# asked for in a topic's policy only when that asks it of another service.
_SENDERS_TO_QUEUES = frozenset({"events.amazonaws.com"})


@rule(
    "GovML-PublicResourcePolicy",
    *_JUDGED,
    title="No resource policy lets everybody in",
    rationale="A policy with the principal `*` and no bound is public, however private the network is.",
    severity="high",
    controls=("AC-3", "SC-7", "AC-6"),
    public_sector_controls=("NS-2", "AC-1"),
)
def public_resource_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A condition on account, organisation, network or source bounds a statement; so does a Deny for all others."""
    for found in resource_policies(resource):
        for each in found:
            if not each.allow:
                continue
            if each.not_principals:
                yield f"statement {each.sid} allows everybody but a few (NotPrincipal): name those who may"
            elif everybody(each) and not bounded(each) and not fenced(found):
                yield f"statement {each.sid} lets everybody in: name the principals, or add aws:PrincipalOrgID"
            elif _any_account(each) and not bounded(each):
                yield f"statement {each.sid} lets principals of every account in: name the account"
    if (
        resource.type == "AWS::Events::EventBusPolicy"
        and resource.get("Principal") == "*"
        and not resource.get("Condition")
    ):
        yield "lets every account send events: add a Condition on aws:PrincipalOrgID"


def _any_account(statement: PolicyStatement) -> bool:
    return any(kind == "AWS" and name != "*" and name.split(":")[4:5] == ["*"] for kind, name in statement.principals)


@rule(
    "GovML-ForeignAccount",
    *_JUDGED,
    "AWS::EC2::VPCEndpoint",
    title="No resource policy lets another account in",
    rationale="An account outside the agency is governed by somebody else.",
    severity="high",
    controls=("AC-3", "AC-20", "AC-4"),
    public_sector_controls=("DP-4", "AC-1"),
)
def foreign_account(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Read the accounts that the template names; this account is written `${AWS::AccountId}`."""
    for found in resource_policies(resource):
        for each in found:
            if each.allow:
                for account in foreign_accounts(each, options, _LOG_DELIVERY):
                    yield f"statement {each.sid} lets account {account} in, which is not known to be the agency's"


@rule(
    "GovML-ServiceWithoutSource",
    *_RECEIVERS,
    title="A service writes to a resource only on behalf of this account",
    rationale="Without aws:SourceAccount or aws:SourceArn another customer of the service could make it write here.",
    severity="medium",
    controls=("AC-3", "AC-4"),
    public_sector_controls=("NS-2",),
    source='IAM user guide, "The confused deputy problem"',
)
def service_without_source(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at services that send the key; a wildcard in it bounds nothing."""
    for found in resource_policies(resource):
        asked = any(services(each) and bounded(each, _CONFUSED_DEPUTY) for each in found)
        queue = resource.type == "AWS::SQS::QueuePolicy"
        senders = _SENDERS | _SENDERS_TO_QUEUES if queue or asked else _SENDERS
        for each in found:
            # Every service that writes to buckets names its source, but for the load balancers' log delivery.
            bucket = resource.type == "AWS::S3::BucketPolicy"
            named = [
                name for name in services(each) if name in senders or (bucket and "elasticloadbalancing" not in name)
            ]
            if each.allow and named and not bounded(each, _CONFUSED_DEPUTY):
                yield f"statement {each.sid} trusts {', '.join(named)} for any customer: add aws:SourceAccount, aws:SourceArn"
