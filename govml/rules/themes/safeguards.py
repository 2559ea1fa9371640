"""Safeguards that a template knows and leaves out in one place.

Some safeguards are optional: whether a function's environment or a table is worth them is for the agency to say. A template
that gives them to all other resources of the same kind has said so; one that gives them to some chooses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.themes.log_groups import passes_all

# Resource type -> optional safeguards, each a path of properties, and the property without which it has no use.
_OPTIONAL: dict[str, tuple[tuple[tuple[str, ...], str | None], ...]] = {
    "AWS::IAM::Role": ((("PermissionsBoundary",), None),),
    "AWS::Lambda::Function": (
        (("KmsKeyArn",), "Environment"),
        (("CodeSigningConfigArn",), "Code"),
    ),
    "AWS::DynamoDB::Table": ((("DeletionProtectionEnabled",), None),),
    "AWS::RDS::DBCluster": ((("DeletionProtection",), None), (("KmsKeyId",), None)),
    "AWS::RDS::DBInstance": ((("KmsKeyId",), "StorageEncrypted"),),
    "AWS::EFS::FileSystem": ((("BackupPolicy",), None),),
    "AWS::EC2::Volume": ((("KmsKeyId",), None),),
    "AWS::SQS::Queue": ((("KmsMasterKeyId",), None),),
    "AWS::Events::EventBus": ((("KmsKeyIdentifier",), None),),
    "AWS::Backup::BackupVault": ((("LockConfiguration",), None),),
    "AWS::CodeBuild::Project": ((("VpcConfig",), None), (("LogsConfig",), None)),
    "AWS::Scheduler::Schedule": ((("KmsKeyArn",), None),),
    "AWS::StepFunctions::StateMachine": ((("EncryptionConfiguration",), None), (("LoggingConfiguration",), None)),
    "AWS::KinesisFirehose::DeliveryStream": ((("DeliveryStreamEncryptionConfigurationInput",), None),),
    "AWS::CloudWatch::Alarm": ((("OKActions",), None),),
}


@rule(
    "GovML-SafeguardLeftOut",
    *_OPTIONAL,
    title="A safeguard that a template gives to one resource, it gives to all of the kind",
    rationale="The one that was forgotten is the one that is found.",
    severity="low",
    controls=("CM-6", "CM-2"),
    public_sector_controls=("DP-2", "SD-4"),
)
def safeguard_left_out(resource: Resource, template: Template, options: Options) -> Iterator[str]:
    """Compare a resource with the others of its type in the template; a demanded boundary has its own rule."""
    for path, useful_with in _OPTIONAL[resource.type]:
        if options.permissions_boundary and path == ("PermissionsBoundary",):
            continue
        if resource.get(*path) is not None or (useful_with and not resource.get(useful_with)):
            continue
        others = [
            each
            for each in template.of_type(resource.type)
            if each is not resource and (not useful_with or each.get(useful_with))
        ]
        if others and all(each.get(*path) is not None for each in others):
            yield f"has no {'.'.join(path)}, which {others[0].logical_id} has: set it, or say why not"


@rule(
    "GovML-ForwardingLeftOut",
    "AWS::Logs::LogGroup",
    title="A template that forwards one log group forwards all",
    rationale="An attacker reads the template too, and works where nobody looks.",
    severity="low",
    controls=("AU-6", "AU-9(2)"),
    public_sector_controls=("LM-1", "LM-12"),
)
def forwarding_left_out(resource: Resource, template: Template, options: Options) -> Iterator[str]:
    """Where forwarding is demanded of every group, the rule on subscriptions says so itself.

    A filter that chooses events looks for something, as for telemetry, and forwards no log.
    """
    whole = filter(passes_all, template.of_type("AWS::Logs::SubscriptionFilter"))
    filters = [each.get("LogGroupName") for each in whole]
    if not filters or options.log_subscription or _is_one_of(resource, filters):
        return
    others = [each for each in template.of_type(resource.type) if each is not resource]
    if others and all(_is_one_of(each, filters) for each in others):
        yield "has no AWS::Logs::SubscriptionFilter, which the other log groups here have: forward it too"


def _is_one_of(group: Resource, names: list[Any]) -> bool:
    own = group.get("LogGroupName")
    return any(group.refers_to(each) or (own is not None and each == own) for each in names)
