"""Log groups: how long logs are kept, by which key, and where they are forwarded."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, has_token, is_token, listed, true

_GROUP = "AWS::Logs::LogGroup"
_CDK_RETENTION = "Custom::LogRetention"


@rule(
    "GovML-LogRetention",
    _GROUP,
    _CDK_RETENTION,
    title="Logs are kept for as long as the agency must, and no longer than that is stated",
    rationale="An incident is often found months later; a group without a period keeps personal data for ever.",
    severity="medium",
    controls=("AU-11", "SI-12"),
    public_sector_controls=("LM-8",),
)
def log_retention(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Compare with the least number of days that the options ask for."""
    days = resource.get("RetentionInDays")
    if days is None or days == "":
        yield f"has no RetentionInDays: set {options.log_retention_days} or more"
    elif str(days).isdigit() and int(days) < options.log_retention_days:
        yield f"keeps logs for {days} days: {options.log_retention_days} at least"


@rule(
    "GovML-LogEncryption",
    _GROUP,
    title="A log group is encrypted with a key of the agency",
    rationale="Logs hold inputs and outputs of models; who reads them must be allowed by the key too.",
    severity="medium",
    controls=("SC-28", "AU-9"),
    public_sector_controls=("DP-2", "LM-2"),
)
def log_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a customer key."""
    if not resource.get("KmsKeyId"):
        yield "has no KmsKeyId: set the key of its data domain"


@rule(
    "GovML-LogSubscription",
    _GROUP,
    title="A log group is forwarded to the central stream",
    rationale="Logs that stay in the account can be deleted by whoever takes it over.",
    severity="medium",
    controls=("AU-6", "AU-9(2)", "AU-4(1)"),
    public_sector_controls=("LM-1", "LM-12"),
    demand="log_subscription",
    source='CloudWatch Logs user guide, "Log classes": the class INFREQUENT_ACCESS takes no subscription filter',
)
def log_subscription(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Look for a filter on the group that passes every event."""
    if resource.get("LogGroupClass") in ("INFREQUENT_ACCESS", "DELIVERY"):
        yield f"is of class {resource.get('LogGroupClass')}, which cannot be forwarded: use STANDARD"
    filters = [each for each in template.of_type("AWS::Logs::SubscriptionFilter") if _is_of(each, resource)]
    if not filters:
        yield "has no AWS::Logs::SubscriptionFilter in the template: forward it to the central stream"
    elif not any(passes_all(each) for each in filters):
        yield "its subscription filter leaves events out: set FilterPattern to an empty text"
    if any(not each.get("DestinationArn") for each in filters):
        yield "its subscription filter has no DestinationArn"


def _is_of(subscription: Resource, group: Resource) -> bool:
    named = subscription.get("LogGroupName")
    return group.refers_to(named) or (named is not None and named == group.get("LogGroupName"))


def passes_all(subscription: Resource) -> bool:
    """Return whether a subscription filter hands on every event, and not chosen ones."""
    pattern = subscription.get("FilterPattern")
    return is_token(pattern) or not str(pattern or "").strip().strip('"').strip()


@rule(
    "GovML-FlowLogs",
    "AWS::EC2::VPC",
    "AWS::EC2::FlowLog",
    title="A network records all its traffic",
    rationale="What was refused shows who tries, what was accepted shows who succeeded; both are needed.",
    severity="medium",
    controls=("AU-2", "AU-12", "SI-4"),
    public_sector_controls=("LM-3",),
)
def flow_logs(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Each VPC has a flow log in its template, and a flow log records ALL."""
    if resource.type == "AWS::EC2::VPC":
        logs = list(template.of_type("AWS::EC2::FlowLog"))
        if not any(resource.refers_to(each.get("ResourceId")) for each in logs):
            yield "has no AWS::EC2::FlowLog: record its traffic"
        return
    traffic = resource.get("TrafficType")
    gateway = str(resource.get("ResourceType")).startswith("TransitGateway")
    if traffic != "ALL" and not is_token(traffic) and not gateway:
        yield f"records {traffic or 'nothing'}: set TrafficType to ALL"
    kind = resource.get("LogDestinationType") or "cloud-watch-logs"
    if not (resource.get("LogDestination") or resource.get("LogGroupName")):
        yield "has no destination: set LogGroupName or LogDestination"
    if kind == "cloud-watch-logs" and not resource.get("DeliverLogsPermissionArn"):
        yield "has no role to write with: set DeliverLogsPermissionArn"


@rule(
    "GovML-LoggingSwitchedOff",
    "AWS::CodeBuild::Project",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::ApiGateway::Stage",
    "AWS::MSK::Cluster",
    title="Logging that a resource offers is not switched off",
    rationale="What is not recorded cannot be investigated.",
    severity="medium",
    controls=("AU-2", "AU-12"),
    public_sector_controls=("LM-4",),
)
def logging_switched_off(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find settings that say so; what is left out is judged by the nag packs."""
    if resource.type == "AWS::CodeBuild::Project":
        logs = resource.get("LogsConfig")
        states = [get(logs, "CloudWatchLogs", "Status"), get(logs, "S3Logs", "Status")]
        if states[0] == "DISABLED" and states[1] != "ENABLED" and not has_token(states[1]):
            yield "writes no build logs: enable CloudWatchLogs"
        if true(get(logs, "S3Logs", "EncryptionDisabled")):
            yield "writes its build logs without encryption"
    for name, value in resource.properties.items():
        options = get(value, "CloudWatchLoggingOptions") if name.endswith("DestinationConfiguration") else None
        if false(get(options, "Enabled")):
            yield f"{name} does not log delivery errors: enable CloudWatchLoggingOptions"
    for each in listed(resource.get("MethodSettings")):
        if get(each, "LoggingLevel") == "OFF":
            yield "its MethodSettings switch logging off"
