"""`Warehouse`: Redshift Serverless in private subnets, with a role that loads curated tables and reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_redshiftserverless as redshift
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.log_delivery import LogSubscription
from govml_constructs.network.tier_rules import TierRules
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.place import PlacedConstruct

PORT = 5439
# Redshift management guide, "Configure security settings" and "Database audit logging": TLS only, and what was asked.
_PARAMETERS = {"require_ssl": "true", "use_fips_ssl": "false", "enable_user_activity_logging": "true"}
_LOGS = ["userlog", "connectionlog", "useractivitylog"]


class Warehouse(PlacedConstruct):
    """One namespace and one workgroup.

    Args:
        name: name of both, as in `sandbox-dev-warehouse`.
        database: name of the first database.
        key: key of the data, its snapshots and the administrator's secret.
        logs_key: key of the audit logs.
        retention_days: how long audit logs are kept, at least 365.
        subscription: where a copy of the audit logs goes, or None.
        loads: what its role may read to load it.
        vpc_id: the VPC.
        subnet_ids: private subnets in at least three zones, which enhanced VPC routing demands.
        callers: name of a tier -> the tier, which may open connections; a group that was given gets no rule.
        endpoints: the tier of the interface endpoints, which the warehouse calls; the same holds for its group.
        base_capacity_rpu: capacity that a query starts with, 8 to 512 in steps of 8.
        rules: path and permissions boundary of the role.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Raises:
        ValueError: fewer than three subnets.

    Controls: own key, no public address, all traffic through the VPC, TLS only, administrator's password made and kept
    by the service, who signed in and what was asked logged, no rule for anybody but the named tiers.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        database: str,
        key: kms.IKey,
        logs_key: kms.IKey,
        retention_days: int,
        subscription: LogSubscription | None,
        loads: CustomerPolicy,
        vpc_id: str,
        subnet_ids: Sequence[str],
        callers: Mapping[str, TierSecurityGroup],
        endpoints: TierSecurityGroup,
        base_capacity_rpu: int,
        rules: RoleRules,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if len(subnet_ids) < 3:
            raise ValueError(f"{self.node.path}: a warehouse needs subnets in three zones, not {len(subnet_ids)}")
        self.group = self._group(vpc_id, callers, endpoints)
        self.load_role = ServiceRole(
            self,
            "LoadRole",
            service=["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"],
            description="The warehouse loads curated tables",
            rules=rules,
            policies=[loads],
        )
        namespace = redshift.CfnNamespace(
            self,
            "Namespace",
            namespace_name=name,
            db_name=database,
            kms_key_id=key.key_arn,
            manage_admin_password=True,
            admin_password_secret_kms_key_id=key.key_arn,
            default_iam_role_arn=self.load_role.role_arn,
            iam_roles=[self.load_role.role_arn],
            log_exports=_LOGS,
        )
        namespace.apply_removal_policy(removal_policy)
        for kind in _LOGS:  # before the first event, at which Redshift else makes them without a key and for ever
            log = EncryptedLogGroup(
                self,
                kind.title(),
                name=f"/aws/redshift/{name}/{kind}",  # Redshift management guide, "Audit logging for Redshift Serverless"
                key=logs_key,
                retention_days=retention_days,
                subscription=subscription,
                removal_policy=removal_policy,
            )
            namespace.add_resource_dependency(log.resource)
        workgroup = redshift.CfnWorkgroup(
            self,
            "Workgroup",
            workgroup_name=name,
            namespace_name=namespace.ref,
            base_capacity=base_capacity_rpu,
            enhanced_vpc_routing=True,
            publicly_accessible=False,
            subnet_ids=list(subnet_ids),
            security_group_ids=[self.group.attr_group_id],
            config_parameters=[
                redshift.CfnWorkgroup.ConfigParameterProperty(parameter_key=each, parameter_value=value)
                for each, value in _PARAMETERS.items()
            ],
        )
        self.workgroup_arn = workgroup.attr_workgroup_workgroup_arn
        self.workgroup_name = workgroup.ref

    def _group(
        self, vpc_id: str, callers: Mapping[str, TierSecurityGroup], endpoints: TierSecurityGroup
    ) -> ec2.CfnSecurityGroup:
        """Make the group with its rules; rules of other tiers' groups stand here too, so that no tier waits for this stack."""
        group = ec2.CfnSecurityGroup(
            self,
            "Group",
            group_description="Warehouse",
            vpc_id=vpc_id,
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    ip_protocol="tcp",
                    from_port=443,
                    to_port=443,
                    destination_security_group_id=endpoints.group_id,
                    description="Warehouse to AWS services",
                )
            ],
        )
        if not endpoints.given:
            ec2.CfnSecurityGroupIngress(
                self,
                "EndpointsFromWarehouse",
                group_id=endpoints.group_id,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                source_security_group_id=group.attr_group_id,
                description="Warehouse to AWS services",
            )
        TierRules(  # "Default" leaves no trace in the rules' logical ids
            self, "Default", group_id=group.attr_group_id, callers=callers, port=PORT, what="the warehouse"
        )
        return group
