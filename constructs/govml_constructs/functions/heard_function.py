"""`HeardFunction`: what every small Lambda function of the platform has, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import decrypt_environment, publish_to, write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct


class HeardFunction(PlacedConstruct):
    """Plain Python in a folder or an archive of its own, with its own narrow role; whoever makes one says where it stands.

    Args:
        code: a folder, or a zip.
        handler: its entry point, as Lambda writes it.
        purpose: what it does, as the role's description says it.
        because: why a function does it, which the function's own description adds after a comma; empty for none.
        environment: variables of the function.
        statements: what its API calls need, and nothing else.
        policies: what its place needs beside them.
        log_group: where it logs.
        key: key of its environment and of the alert topic.
        failures: topic that hears of events which it could not handle.
        rules: rules of its role.
        timeout: it is stopped after so long.
        concurrency: how many instances may run at once; so many are reserved of the account's.

    Attributes:
        function: the function.

    Controls: encrypted environment, a log group that exists before it, its failures heard, concurrency bounded.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: Path,
        handler: str,
        purpose: str,
        because: str,
        environment: Mapping[str, str],
        statements: Sequence[Statement],
        policies: Sequence[CustomerPolicy],
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        failures: sns.ITopic,
        rules: RoleRules,
        timeout: Duration,
        concurrency: int,
    ) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "Role",
            service="lambda.amazonaws.com",
            description=purpose,
            rules=rules,
            policies=policies,
            statements=[
                *statements,
                *write_to_log_group(log_group.log_group_arn),
                *publish_to(failures.topic_arn, key.key_arn),
                decrypt_environment(key.key_arn),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"{purpose}, {because}" if because else purpose,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=handler,
            code=lambda_.Code.from_asset(str(code), exclude=["__pycache__", "*.pyc"]),
            environment=dict(environment),
            environment_encryption=key,
            memory_size=256,
            timeout=timeout,
            reserved_concurrent_executions=concurrency,
            dead_letter_topic=failures,
            log_group=log_group.log_group,
            role=role.role,
        )
