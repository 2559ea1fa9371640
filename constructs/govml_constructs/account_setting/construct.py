"""`AccountSetting`: one setting that CloudFormation cannot make, with its own function and its own narrow role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import CustomResource
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup

RUNTIME = Path(__file__).parent / "runtime"


class AccountSetting(ControlPlaneFunction):
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
        super().__init__(
            scope,
            construct_id,
            runtime=RUNTIME,
            purpose=f"Makes the setting {setting}",
            because="which CloudFormation has no resource type for",
            environment={"SETTING": setting},
            statements=statements,
            log_group=log_group,
            key=key,
            failures=failures,
            rules=rules,
        )
        self.resource = CustomResource(
            self,
            "Setting",
            service_token=self.function.function_arn,
            resource_type=resource_type,
            properties=dict(properties),
        )
