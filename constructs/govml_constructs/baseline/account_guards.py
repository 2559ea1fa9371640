"""`AccountGuards`: nothing of the account can be made public, every new volume is encrypted, and it stays so."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge

# Runbooks of AWS (Systems Manager Automation runbook reference, pages of the same names). CloudFormation has no type for
# either setting; State Manager runs the runbook at once and again each day, so a setting that somebody takes back returns.
_BLOCK_PUBLIC_BUCKETS = "AWSConfigRemediation-ConfigureS3PublicAccessBlock"
_ENCRYPT_VOLUMES = "AWSConfigRemediation-EnableEbsEncryptionByDefault"


class AccountGuards(PlacedConstruct):
    """Account-wide settings: S3 public access blocked, EBS encrypted by default, snapshots not shared with the public.

    Deleting the stack leaves all three on: another stack may rely on them.

    Args:
        name_prefix: prefix of the associations' names, as in `sandbox-prod`.
        rules: path and boundary of the role that applies the settings.

    Controls: Security Hub FSBP S3.1, EC2.7 and EC2.182; the role may make these settings and cannot take them back.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name_prefix: str, rules: RoleRules) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        role = ServiceRole(
            self,
            "Role",
            service="ssm.amazonaws.com",
            description="Applies the account's settings: public access blocked, volumes encrypted",
            rules=rules,
            statements=guard_statements(),
            # Systems Manager user guide, "Setting up Automation"
            source_arns=[place.arn("ssm", "automation-execution/*")],
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5",
            finding="Resource::*",
            reason="These are settings of the account itself: the four actions take no resource (service authorization reference).",
            owner="platform-security",
            expires="2027-11-20",
        )
        self._daily(f"{name_prefix}-s3-public-access", _BLOCK_PUBLIC_BUCKETS, role, {"AccountId": place.account})
        self._daily(f"{name_prefix}-ebs-encryption", _ENCRYPT_VOLUMES, role, {})
        ec2.CfnSnapshotBlockPublicAccess(self, "Snapshots", state="block-all-sharing").apply_removal_policy(
            RemovalPolicy.RETAIN
        )

    def _daily(self, name: str, runbook: str, role: ServiceRole, parameters: Mapping[str, str]) -> None:
        given = {"AutomationAssumeRole": role.role_arn, **parameters}
        ssm.CfnAssociation(
            self,
            runbook.partition("-")[2],
            name=runbook,
            association_name=name,
            parameters={key: [value] for key, value in given.items()},
            schedule_expression="rate(1 day)",
            compliance_severity="HIGH",
        )


def guard_statements() -> list[Statement]:
    """Return what the two runbooks call; Systems Manager's own service-linked role starts them."""
    return [
        Statement(
            sid="GuardAccount",
            actions=[
                "s3:GetAccountPublicAccessBlock",
                "s3:PutAccountPublicAccessBlock",
                "ec2:GetEbsEncryptionByDefault",
                "ec2:EnableEbsEncryptionByDefault",
            ],
            resources=["*"],
        )
    ]
