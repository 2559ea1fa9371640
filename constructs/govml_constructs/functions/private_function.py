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

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import publish_to, use_key, write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct


@dataclass(frozen=True)
class PrivatePlace:
    """Where in the VPC a function stands.

    Args:
        vpc_id: the VPC.
        subnet_ids: its subnets, one a zone.
        security_group_id: its security group, which says where it may connect to.
        policy: lets Lambda make the interfaces of functions in that VPC.
    """

    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_id: str
    policy: CustomerPolicy


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
            policies=[where.policy],
            statements=[
                *statements,
                *write_to_log_group(log_group.log_group_arn),
                *publish_to(failures.topic_arn, key.key_arn),
                use_key("DecryptEnvironment", [key.key_arn]),
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
