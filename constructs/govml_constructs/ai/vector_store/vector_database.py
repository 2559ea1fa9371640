"""`VectorDatabase`: Aurora PostgreSQL with pgvector, where vectors stand beside rows and SQL asks for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from govml_constructs.ai.vector_store.access import VectorStoreAccess
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.log_delivery import LogSubscription
from govml_constructs.network.tier_rules import TierRules
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge

PORT = 5433
"""Not PostgreSQL's usual port, which is the first that is tried."""
DATABASE = "vectors"
_ENGINE, _VERSION, _FAMILY = "aurora-postgresql", "16.11", "aurora-postgresql16"
# Aurora user guide, "Aurora PostgreSQL parameters": TLS only; sign-ins and changes of structure are logged.
_PARAMETERS = {"rds.force_ssl": "1", "log_connections": "1", "log_disconnections": "1", "log_statement": "ddl"}
_LOG = "postgresql"


class VectorDatabase(PlacedConstruct):
    """A serverless cluster of one instance, which sleeps when nobody has asked for five minutes.

    Args:
        name: identifier of the cluster, as in `sandbox-dev-vectors`; its log group is named after it.
        vpc: the VPC.
        subnet_ids: private subnets in at least two zones.
        callers: name of a tier -> the tier that may open connections; whoever uses the Data API needs none.
        key: key of the data, its backups and the administrator's secret.
        logs_key: key of the log group.
        retention_days: how long logs are kept, at least 365.
        subscription: where a copy of the logs goes, or None.
        max_capacity: most Aurora capacity units, 1 to 256.
        path: IAM path of the two policies.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Raises:
        ValueError: fewer than two subnets.

    Controls: own key, no public address, TLS only, administrator's password made and kept by the service, sign-in by
    IAM, backups for 35 days, logs exported, no deletion unless the environment may be destroyed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc: ec2.IVpc,
        subnet_ids: Sequence[str],
        callers: Mapping[str, TierSecurityGroup],
        key: kms.IKey,
        logs_key: kms.IKey,
        retention_days: int,
        subscription: LogSubscription | None,
        path: str,
        max_capacity: int = 8,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if len(subnet_ids) < 2:
            raise ValueError(f"{self.node.path}: a database needs subnets in two zones, not {len(subnet_ids)}")
        tier = TierSecurityGroup(self, "Tier", vpc=vpc, description="Vector database")
        TierRules(self, "Rules", group_id=tier.group_id, callers=callers, port=PORT, what="the vector database")
        log = EncryptedLogGroup(  # before the cluster, which else makes it without a key and for ever
            self,
            "Log",
            name=f"/aws/rds/cluster/{name}/{_LOG}",
            key=logs_key,
            retention_days=retention_days,
            subscription=subscription,
            removal_policy=removal_policy,
        )
        self.cluster = rds.CfnDBCluster(
            self,
            "Cluster",
            db_cluster_identifier=name,
            engine=_ENGINE,
            engine_version=_VERSION,
            database_name=DATABASE,
            master_username="vector_admin",
            manage_master_user_password=True,
            master_user_secret=rds.CfnDBCluster.MasterUserSecretProperty(kms_key_id=key.key_arn),
            enable_iam_database_authentication=True,
            enable_http_endpoint=True,
            storage_encrypted=True,
            kms_key_id=key.key_arn,
            port=PORT,
            db_subnet_group_name=self._subnets(subnet_ids),
            vpc_security_group_ids=[tier.group_id],
            db_cluster_parameter_group_name=self._parameters(),
            backup_retention_period=35,
            copy_tags_to_snapshot=True,
            deletion_protection=removal_policy != RemovalPolicy.DESTROY,
            enable_cloudwatch_logs_exports=[_LOG],
            serverless_v2_scaling_configuration=rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(
                min_capacity=0, max_capacity=max_capacity, seconds_until_auto_pause=300
            ),
        )
        self.cluster.apply_removal_policy(removal_policy)
        self.cluster.add_resource_dependency(log.resource)
        instance = rds.CfnDBInstance(
            self,
            "Instance",
            engine=_ENGINE,
            db_instance_class="db.serverless",
            db_cluster_identifier=self.cluster.ref,
            publicly_accessible=False,
            auto_minor_version_upgrade=True,
            enable_performance_insights=True,
            performance_insights_kms_key_id=key.key_arn,
        )
        instance.apply_removal_policy(removal_policy)
        _acknowledge(instance)
        secret = self.cluster.attr_master_user_secret_secret_arn
        statements = use_statements(self.cluster.attr_db_cluster_arn, secret, key.key_arn, place_of(self).region)
        access = VectorStoreAccess(self, "Access", path=path, read=statements, write=statements)
        self.read, self.write = access.read, access.write
        self.places: Mapping[str, str] = {
            "cluster-arn": self.cluster.attr_db_cluster_arn,
            "secret-arn": secret,
            "host": self.cluster.attr_endpoint_address,
        }

    def _subnets(self, subnet_ids: Sequence[str]) -> str:
        group = rds.CfnDBSubnetGroup(
            self, "Subnets", db_subnet_group_description="Private subnets", subnet_ids=list(subnet_ids)
        )
        return group.ref

    def _parameters(self) -> str:
        group = rds.CfnDBClusterParameterGroup(
            self, "Parameters", description="TLS only, sign-ins logged", family=_FAMILY, parameters=_PARAMETERS
        )
        return group.ref


def _acknowledge(instance: rds.CfnDBInstance) -> None:
    """Answer the two rules that look at an instance for what its cluster has."""
    acknowledge(
        instance,
        "NIST.800.53.R5-RDSInBackupPlan",
        reason=(
            "The instance holds no data. Its cluster backs itself up without a break and can be restored to any second "
            "of the last 35 days."
        ),
        owner="platform-security",
        expires="2027-11-20",
    )
    acknowledge(
        instance,
        "NIST.800.53.R5-RDSEnhancedMonitoringEnabled",
        reason=(
            "Enhanced Monitoring writes into one log group that all databases of the account share and that has no key; "
            "the load is watched with Performance Insights, under the key of the data."
        ),
        owner="platform-security",
        expires="2027-11-20",
    )


def use_statements(cluster_arn: str, secret_arn: str, key_arn: str, region: str) -> list[Statement]:
    """Return what using the Data API takes (Aurora user guide, "Using the Amazon RDS Data API").

    Who may read and who may write is the database's own matter: the secret decides which of its users one is.
    """
    via = {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}}
    return [
        Statement(
            sid="AskDatabase",
            actions=[
                "rds-data:BatchExecuteStatement",
                "rds-data:BeginTransaction",
                "rds-data:CommitTransaction",
                "rds-data:ExecuteStatement",
                "rds-data:RollbackTransaction",
            ],
            resources=[cluster_arn],
        ),
        Statement(sid="FindDatabase", actions=["rds:DescribeDBClusters"], resources=[cluster_arn]),
        Statement(sid="SignIn", actions=["secretsmanager:GetSecretValue"], resources=[secret_arn]),
        Statement(sid="DecryptSecret", actions=["kms:Decrypt"], resources=[key_arn], conditions=via),
    ]
