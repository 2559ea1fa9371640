"""Properties that MiniStack's own provisioners drop although its service APIs know them, applied through those APIs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from govml.local.emulator.account import client
from govml.local.emulator.cloudformation.coerce import coerce, input_shape
from govml.local.emulator.cloudformation.spec import Properties
from govml.local.emulator.cloudformation.topups_s3 import bucket, delete_bucket

Topup = Callable[[str, Properties, Properties], None]


def _member(service: str, operation: str, member: str, value: Any) -> Any:
    """One property in the form of an API parameter."""
    return coerce(input_shape(service, operation).members[member], value, member)


def role(name: str, new: Properties, old: Properties) -> None:
    """The permissions boundary; a policy that does not exist is refused."""
    boundary = new.get("PermissionsBoundary")
    if boundary:
        if ":aws:policy/" not in boundary:
            client("iam").get_policy(PolicyArn=boundary)
        client("iam").put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    elif old.get("PermissionsBoundary"):
        client("iam").delete_role_permissions_boundary(RoleName=name)


def topic(arn: str, new: Properties, old: Properties) -> None:
    """Encryption key, tracing and signature version."""
    for name in ("KmsMasterKeyId", "TracingConfig", "SignatureVersion"):
        if name in new or name in old:
            value = str(new.get(name, ""))
            client("sns").set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


def function(name: str, new: Properties, old: Properties) -> None:
    """Key of the environment, network, dead-letter target and reserved concurrency."""
    names = {"KmsKeyArn": "KMSKeyArn", "VpcConfig": "VpcConfig", "DeadLetterConfig": "DeadLetterConfig"}
    changes = {
        member: _member("lambda", "update_function_configuration", member, new[given])
        for given, member in names.items()
        if given in new
    }
    if changes:
        client("lambda").update_function_configuration(FunctionName=name, **changes)
    reserved = new.get("ReservedConcurrentExecutions")
    if reserved is not None:
        client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(reserved))
    elif old.get("ReservedConcurrentExecutions") is not None:
        client("lambda").delete_function_concurrency(FunctionName=name)


def state_machine(arn: str, new: Properties, _old: Properties) -> None:
    """Logging (stored in a spelling that cannot be read back) and tracing."""
    names = {"LoggingConfiguration": "loggingConfiguration", "TracingConfiguration": "tracingConfiguration"}
    changes = {
        member: _member("stepfunctions", "update_state_machine", member, new[given])
        for given, member in names.items()
        if given in new
    }
    if changes:
        client("stepfunctions").update_state_machine(stateMachineArn=arn, **changes)


_PROJECT = {
    "Cache": "cache",
    "VpcConfig": "vpcConfig",
    "LogsConfig": "logsConfig",
    "EncryptionKey": "encryptionKey",
    "BadgeEnabled": "badgeEnabled",
    "QueuedTimeoutInMinutes": "queuedTimeoutInMinutes",
    "ConcurrentBuildLimit": "concurrentBuildLimit",
    "SecondarySources": "secondarySources",
    "SecondaryArtifacts": "secondaryArtifacts",
    "ResourceAccessRole": "resourceAccessRole",
}


def build_project(name: str, new: Properties, _old: Properties) -> None:
    """Network, logs, cache and limits; on a change also the key."""
    changes = {
        member: _member("codebuild", "update_project", member, new[given])
        for given, member in _PROJECT.items()
        if given in new
    }
    if changes:
        client("codebuild").update_project(name=name, **changes)


def schedule(name: str, new: Properties, _old: Properties) -> None:
    """Key, time zone, start and end, by putting the whole schedule once more."""
    members = input_shape("scheduler", "update_schedule").members
    request = {
        member: coerce(members[member], value, member)
        for member, value in new.items()
        if member in members and member != "Name"
    }
    client("scheduler").update_schedule(Name=name, **request)


def endpoint(endpoint_id: str, new: Properties, _old: Properties) -> None:
    """The policy of a VPC endpoint, as the text that the API answers."""
    policy = new.get("PolicyDocument")
    if policy is not None:
        text = policy if isinstance(policy, str) else json.dumps(policy)
        client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint_id, PolicyDocument=text)


TOPUPS: dict[str, Topup] = {
    "AWS::S3::Bucket": bucket,
    "AWS::IAM::Role": role,
    "AWS::SNS::Topic": topic,
    "AWS::Lambda::Function": function,
    "AWS::StepFunctions::StateMachine": state_machine,
    "AWS::CodeBuild::Project": build_project,
    "AWS::Scheduler::Schedule": schedule,
    "AWS::EC2::VPCEndpoint": endpoint,
}

# Deletes that MiniStack does too obligingly.
DELETES: dict[str, Callable[[str, Properties], None]] = {"AWS::S3::Bucket": delete_bucket}
