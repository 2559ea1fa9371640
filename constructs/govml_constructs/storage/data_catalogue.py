"""`DataCatalogue`: a Glue database and an Athena workgroup over the lake, encrypted whoever asks."""

from __future__ import annotations

from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of


class DataCatalogue(PlacedConstruct):
    """The names and queries of curated data.

    Args:
        name: workgroup name; the database's is the same with underscores, as Athena needs.
        results_uri: S3 URI prefix for query results.
        key: key of the results.
        scan_limit_bytes: most bytes that one query may scan; a longer query is cut off.

    Controls: results encrypted with the domain key, the workgroup's settings enforced over the client's, metrics on.
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
    ) -> None:
        super().__init__(scope, construct_id)
        self.database_name = name.replace("-", "_")
        glue.CfnDatabase(
            self,
            "Database",
            catalog_id=place_of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=self.database_name, description="Curated tables of the lake"
            ),
        )
        self.workgroup = athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=name,
            description="Queries over the lake; results are encrypted and stay in the lake",
            recursive_delete_option=False,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=scan_limit_bytes,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=results_uri,
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_KMS", kms_key=key.key_arn
                    ),
                ),
            ),
        )
