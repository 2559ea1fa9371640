"""`DataCatalogue`: a Glue database and Athena workgroups over the lake, encrypted whoever asks."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of


class DataCatalogue(PlacedConstruct):
    """The names and queries of curated data.

    Args:
        name: name of the workgroup for people; the database's is the same with underscores, as Athena needs. A second
            one, `<name>-automation`, is for jobs, so that neither's limit or figures hide the other's.
        results_uri: S3 URI prefix for query results, with a slash at its end.
        key: key of the results.
        scan_limit_bytes: most bytes that one query may scan; a longer query is cut off.
        closed: tables made in the database are open to nobody whom Lake Formation does not let in.
        removal_policy: of the database; `RETAIN` unless the environment may be destroyed with its data.

    Controls: results encrypted with the domain key, into a bucket of this account only, the workgroup's settings enforced
    over the client's, a scan limit, metrics on.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        results_uri: str,
        key: kms.IKey,
        scan_limit_bytes: int = 100 * 1024**3,
        closed: bool = False,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.database_name = name.replace("-", "_")
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=place_of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=self.database_name,
                description="Curated tables of the lake",
                create_table_default_permissions=[] if closed else None,
            ),
        )
        database.apply_removal_policy(removal_policy)
        self.database = database
        for construct_id_, workgroup, results in (
            ("Workgroup", name, results_uri),
            ("Automation", f"{name}-automation", f"{results_uri}automation/"),
        ):
            athena.CfnWorkGroup(
                self,
                construct_id_,
                name=workgroup,
                description="Queries over the lake; results are encrypted and stay in the lake",
                recursive_delete_option=False,
                work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                    enforce_work_group_configuration=True,
                    publish_cloud_watch_metrics_enabled=True,
                    bytes_scanned_cutoff_per_query=scan_limit_bytes,
                    engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                        selected_engine_version="Athena engine version 3"
                    ),
                    result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                        output_location=results,
                        expected_bucket_owner=place_of(self).account,
                        encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                            encryption_option="SSE_KMS", kms_key=key.key_arn
                        ),
                    ),
                ),
            )
