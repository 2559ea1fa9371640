"""`PrivateFunction`: a small Lambda function inside the VPC, for what must reach data or an address of the agency's network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import publish_to, use_key, write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import Place, PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge

# Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", "Required IAM permissions".
_MAKE = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
_LOOK = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")


@dataclass(frozen=True)
class PrivatePlace:
    """Where in the VPC a function stands.

    Args:
        vpc_id: the VPC.
        subnet_ids: its subnets, one a zone.
        security_group_id: its security group, which says where it may connect to.
    """

    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_id: str


class PrivateFunction(PlacedConstruct):
    """Plain Python in an archive of its own, with its own narrow role, behind the VPC's own rules.

    Args:
        archive: a zip, or a folder.
        handler: its entry point, as Lambda writes it.
        purpose: what it does, as the role's description says it.
        environment: variables of the function.
        statements: what its API calls need, and nothing else.
        where: its place in the VPC.
        log_group: where it logs.
        key: key of its environment and of the alert topic.
        failures: topic that hears of events which it could not handle.
        rules: rules of its role.
        timeout_seconds: it is stopped after so long.

    Controls: no way out but the security group's, Lambda alone may use the right to make interfaces (the code may not),
    encrypted environment, one instance at a time, its failures heard.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        archive: Path,
        handler: str,
        purpose: str,
        environment: Mapping[str, str],
        statements: Sequence[Statement],
        where: PrivatePlace,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        failures: sns.ITopic,
        rules: RoleRules,
        timeout_seconds: int = 60,
    ) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "Role",
            service="lambda.amazonaws.com",
            description=purpose,
            rules=rules,
            statements=[
                *statements,
                *write_to_log_group(log_group.log_group_arn),
                *publish_to(failures.topic_arn, key.key_arn),
                use_key("DecryptEnvironment", [key.key_arn]),
                *_interfaces(place_of(scope), where.vpc_id),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=purpose,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=handler,
            code=lambda_.Code.from_asset(str(archive), exclude=["__pycache__", "*.pyc"]),
            environment=dict(environment),
            environment_encryption=key,
            memory_size=256,
            timeout=Duration.seconds(timeout_seconds),
            reserved_concurrent_executions=1,
            dead_letter_topic=failures,
            log_group=log_group.log_group,
            role=role.role,
        )
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(where.subnet_ids), security_group_ids=[where.security_group_id]
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5",
            finding="Resource::*",
            reason=(
                "Lambda makes the interface by which the function stands in the VPC, in this VPC only; EC2 takes no "
                "narrower resource for looking at interfaces, and a deny keeps the function's own code from using any of it."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )


def _interfaces(place: Place, vpc_id: str) -> list[Statement]:
    """Return the right to stand in a VPC: for Lambda, and not for the code, whose calls carry the function's ARN."""
    in_vpc = {"ArnEquals": {"ec2:Vpc": place.arn("ec2", f"vpc/{vpc_id}")}}
    own_code = {"ArnLike": {"lambda:SourceFunctionArn": place.arn("lambda", "function:*")}}
    return [
        Statement(sid="StandInVpc", actions=_MAKE, resources=["*"], conditions=in_vpc),
        Statement(sid="SeeInterfaces", actions=_LOOK, resources=["*"]),
        Statement(sid="CodeMakesNone", actions=[*_MAKE, *_LOOK], resources=["*"], conditions=own_code, effect="Deny"),
    ]
