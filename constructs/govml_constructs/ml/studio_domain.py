"""`StudioDomain`: SageMaker Studio that can reach the VPC and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.place import PlacedConstruct


class StudioDomain(PlacedConstruct):
    """A domain in VPC-only mode, encrypted, whose idle apps shut down.

    Args:
        name: physical name.
        vpc_id: the VPC.
        subnet_ids: one subnet a zone.
        security_group_id: group of the Studio tier.
        key: key of the domain's file system.
        role: default execution role of its users.
        idle_minutes: an app that is idle for this long is shut down (60 to 525,600).
        removal_policy: `RETAIN` unless the environment may be destroyed with its data (home folders).

    Controls: `VpcOnly`, customer-managed key, the user's identity in the audit trail, idle shutdown, no sharing of
    notebook output.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        key: kms.IKey,
        role: ServiceRole,
        idle_minutes: int = 60,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        cfn = sagemaker.CfnDomain
        lab = cfn.JupyterLabAppSettingsProperty(
            app_lifecycle_management=cfn.AppLifecycleManagementProperty(
                idle_settings=cfn.IdleSettingsProperty(
                    lifecycle_management="ENABLED",
                    idle_timeout_in_minutes=idle_minutes,
                    min_idle_timeout_in_minutes=60,
                    max_idle_timeout_in_minutes=max(idle_minutes, 480),
                )
            )
        )
        self.resource = sagemaker.CfnDomain(
            self,
            "Domain",
            domain_name=name,
            auth_mode="IAM",
            app_network_access_type="VpcOnly",
            vpc_id=vpc_id,
            subnet_ids=list(subnet_ids),
            kms_key_id=key.key_id,
            tag_propagation="ENABLED",
            domain_settings=cfn.DomainSettingsProperty(execution_role_identity_config="USER_PROFILE_NAME"),
            default_user_settings=cfn.UserSettingsProperty(
                execution_role=role.role_arn,
                security_groups=[security_group_id],
                studio_web_portal="ENABLED",
                default_landing_uri="studio::",
                jupyter_lab_app_settings=lab,
                sharing_settings=cfn.SharingSettingsProperty(notebook_output_option="Disabled"),
            ),
        )
        self.resource.apply_removal_policy(removal_policy)
