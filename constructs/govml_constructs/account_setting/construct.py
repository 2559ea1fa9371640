"""`AccountSetting`: one setting that CloudFormation cannot make, with its own function and its own narrow role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import publish_to, use_key, write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct
from govml_constructs.validation.acknowledgement import acknowledge

RUNTIME = Path(__file__).parent / "runtime"


class AccountSetting(PlacedConstruct):
    """A custom resource backed by plain Python (`runtime/`), for one setting.

    Args:
        setting: name of the module in `runtime/` that makes the setting, as in `default_security_group`.
        resource_type: the type shown in the template, as in `Custom::DefaultSecurityGroupClosed`.
        properties: strings handed to the setting.
        statements: what the setting's API calls need, and nothing else.
        log_group: where the function logs.
        key: key for the function's environment and the alert topic.
        failures: topic that hears of events which the function could not handle.
        rules: rules of the function's role.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        setting: str,
        resource_type: str,
        properties: Mapping[str, str],
        statements: Sequence[Statement],
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        failures: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "Role",
            service="lambda.amazonaws.com",
            description=f"Makes the setting {setting}",
            rules=rules,
            statements=[
                *statements,
                *write_to_log_group(log_group.log_group_arn),
                *publish_to(failures.topic_arn, key.key_arn),
                use_key("DecryptEnvironment", [key.key_arn]),
            ],
        )
        function = lambda_.Function(
            self,
            "Function",
            description=f"Makes the setting {setting}, which CloudFormation has no resource type for",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="handler.handle",
            code=lambda_.Code.from_asset(str(RUNTIME), exclude=["__pycache__", "*.pyc"]),
            environment={"SETTING": setting},
            environment_encryption=key,
            memory_size=256,
            timeout=Duration.minutes(2),
            reserved_concurrent_executions=1,
            dead_letter_topic=failures,
            log_group=log_group.log_group,
            role=role.role,
        )
        acknowledge(
            function,
            "NIST.800.53.R5-LambdaInsideVPC",
            reason=(
                "The function calls AWS control planes only and handles no data; inside a VPC without internet it could "
                "not answer CloudFormation, whose response bucket belongs to AWS."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
        self.resource = CustomResource(
            self,
            "Setting",
            service_token=function.function_arn,
            resource_type=resource_type,
            properties=dict(properties),
        )
