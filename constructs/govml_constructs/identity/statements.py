"""IAM statements that several roles need, each for one task."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import Place, pseudo_parameters


def write_to_log_group(log_group_arn: str) -> list[Statement]:
    """Return what a service needs to write into one existing log group (never to create one)."""
    return [
        Statement(
            sid="WriteLogs",
            actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources=[log_group_arn],
        )
    ]


def publish_to(topic_arn: str, key_arn: str) -> list[Statement]:
    """Return what a role needs to publish to one encrypted topic."""
    return [
        Statement(sid="PublishAlert", actions=["sns:Publish"], resources=[topic_arn]),
        use_topic_key(key_arn),
    ]


def use_topic_key(key_arn: str) -> Statement:
    """Return what a publisher needs of the key of a topic: SNS asks for it in the publisher's name, nobody else may.

    Source of the two actions: SNS developer guide, "Key management", permissions of a publisher.
    """
    _, region, _ = pseudo_parameters()
    return Statement(
        sid="UseTopicKey",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"sns.{region}.amazonaws.com"}},
    )


def decrypt_environment(key_arn: str) -> Statement:
    """Return what a function needs of the key of its environment variables: Lambda reads them as the function's role."""
    return Statement(sid="DecryptEnvironment", actions=["kms:Decrypt"], resources=[key_arn])


def use_key(sid: str, key_arns: Sequence[str], via_services: Sequence[str] = ()) -> Statement:
    """Return encrypt and decrypt rights on named keys, held to calls through the given services when there are any.

    Args:
        sid: statement id.
        key_arns: ARNs of the keys.
        via_services: service endpoints as `kms:ViaService` names them, such as `s3.ap-southeast-1.amazonaws.com`.
    """
    return Statement(
        sid=sid,
        actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
        resources=list(key_arns),
        conditions={"StringEquals": {"kms:ViaService": list(via_services)}} if via_services else None,
    )


def network_interfaces(place: Place) -> str:
    """Return the ARN pattern of the account's network interfaces, which EC2 names itself."""
    return place.arn("ec2", "network-interface/*")


def see_network() -> Statement:
    """Return the read-only calls that a service makes before it opens an interface in a VPC; none takes a resource."""
    return Statement(
        sid="SeeNetwork",
        actions=[
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
        resources=["*"],
    )
