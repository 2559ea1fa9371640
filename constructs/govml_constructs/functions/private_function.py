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

from govml_constructs.functions.heard_function import HeardFunction
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup


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


class PrivateFunction(HeardFunction):
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
        super().__init__(
            scope,
            construct_id,
            code=archive,
            handler=handler,
            purpose=purpose,
            because="",
            environment=environment,
            statements=statements,
            policies=[where.policy],
            log_group=log_group,
            key=key,
            failures=failures,
            rules=rules,
            timeout=Duration.seconds(timeout_seconds),
            concurrency=1,
        )
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(where.subnet_ids), security_group_ids=[where.security_group_id]
        )
