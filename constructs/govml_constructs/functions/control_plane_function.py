"""`ControlPlaneFunction`: a small Lambda function that calls AWS control planes and touches no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.heard_function import HeardFunction
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.validation.acknowledgement import acknowledge


class ControlPlaneFunction(HeardFunction):
    """Plain Python in a folder or an archive of its own, with its own narrow role.

    Args:
        runtime: the folder with `handler.py`, or a zip.
        purpose: what it does, as the role's description says it: `Makes the setting x`.
        because: why a function does it, after a comma.
        environment: variables of the function.
        statements: what its API calls need, and nothing else.
        log_group: where it logs.
        key: key of its environment and of the alert topic.
        failures: topic that hears of events which it could not handle.
        rules: rules of its role.
        concurrency: how many instances may run at once; so many are reserved of the account's.
        timeout_minutes: it is stopped after so many minutes.
        handler: its entry point, as Lambda writes it.

    Controls: encrypted environment, a log group that exists before it, its failures heard, concurrency bounded.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        runtime: Path,
        purpose: str,
        because: str,
        environment: Mapping[str, str],
        statements: Sequence[Statement],
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        failures: sns.ITopic,
        rules: RoleRules,
        concurrency: int = 1,
        timeout_minutes: int = 2,
        handler: str = "handler.handle",
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            code=runtime,
            handler=handler,
            purpose=purpose,
            because=because,
            environment=environment,
            statements=statements,
            policies=[],
            log_group=log_group,
            key=key,
            failures=failures,
            rules=rules,
            timeout=Duration.minutes(timeout_minutes),
            concurrency=concurrency,
        )
        acknowledge(
            self.function,
            "NIST.800.53.R5-LambdaInsideVPC",
            reason=(
                "The function calls AWS control planes only and handles no data; inside a VPC without internet it would "
                "need an endpoint for each of them, and a custom resource could not answer CloudFormation, whose response "
                "bucket belongs to AWS."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
