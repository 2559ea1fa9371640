"""`PrometheusWorkspace`: Managed Prometheus under the agency's key, with its rules, where its alerts go, and its own log."""

from __future__ import annotations

from aws_cdk import aws_aps as aps
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.monitoring.delivered_logs import allow_delivery
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct

RULES = "govml"


class PrometheusWorkspace(PlacedConstruct):
    """A workspace that takes samples by remote write and judges rules.

    Args:
        alias: name that people know it by.
        key: key of its data.
        log_group: where rules and alerts that fail are told; its name begins with `/aws/vendedlogs/`.
        rules: rules file, as YAML.
        alert_manager: definition of the alert manager, as YAML.

    Attributes:
        arn, workspace_id: of the workspace.
        remote_write_url: where samples go.

    Controls: data under the agency's key; rules, and alerts that cannot be told, leave a log; Logs writes it for this account
    only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        key: kms.IKey,
        log_group: EncryptedLogGroup,
        rules: str,
        alert_manager: str,
    ) -> None:
        super().__init__(scope, construct_id)
        delivered = allow_delivery(self, name=f"{alias}-prometheus", what="Prometheus", groups=[log_group])
        workspace = aps.CfnWorkspace(
            self,
            "Workspace",
            alias=alias,
            kms_key_arn=key.key_arn,
            logging_configuration=aps.CfnWorkspace.LoggingConfigurationProperty(log_group_arn=log_group.log_group_arn),
            alert_manager_definition=alert_manager,
        )
        workspace.add_resource_dependency(delivered)
        self.arn, self.workspace_id = workspace.attr_arn, workspace.attr_workspace_id
        self.remote_write_url = f"{workspace.attr_prometheus_endpoint}api/v1/remote_write"
        aps.CfnRuleGroupsNamespace(self, "Rules", name=RULES, workspace=workspace.attr_arn, data=rules)
