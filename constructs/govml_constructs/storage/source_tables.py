"""`SourceTables`: what Athena sees of a data source beside its curated table: its quarantine and its history.

The curated table is not among them. It is an Iceberg table whose entry in Glue points to the newest state; ingestion moves
that pointer at every commit. CloudFormation writes a table's whole entry when it updates it, and would move the pointer
back: the table is made by the first run of ingestion, and changed by no template.
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_glue as glue
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


class SourceTables(PlacedConstruct):
    """Tables over plain Parquet files, which grow without anybody telling the catalogue.

    Args:
        database: the Glue database; it exists.
        source: name of the data source, which starts the tables' names.
        title: what people call the dataset.
        location: S3 URI of the source's part of the curated zone, without a slash at its end.
        quarantine: columns of the quarantine: name -> type.
        history: columns of the history: name -> (type, description).
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        database: str,
        source: str,
        title: str,
        location: str,
        quarantine: Mapping[str, str],
        history: Mapping[str, tuple[str, str]],
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.names = {"quarantine": f"{source}_quarantine", "history": f"{source}_history"}
        columns = {"quarantine": {name: (kind, "") for name, kind in quarantine.items()}, "history": history}
        meaning = {
            "quarantine": f"Rows that break the contract, with the reason: {title}",
            "history": f"Rows that were replaced or removed: {title}",
        }
        self.tables: dict[str, glue.CfnTable] = {}
        for kind, name in self.names.items():
            table = self.tables[kind] = glue.CfnTable(
                self,
                kind.title(),
                catalog_id=place_of(self).account,
                database_name=database,
                table_input=glue.CfnTable.TableInputProperty(
                    name=name,
                    description=meaning[kind],
                    table_type="EXTERNAL_TABLE",
                    parameters={"classification": "parquet"},
                    storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                        columns=[
                            glue.CfnTable.ColumnProperty(name=column, type=type_, comment=comment or None)
                            for column, (type_, comment) in columns[kind].items()
                        ],
                        location=f"{location}/{kind}/",
                        serde_info=glue.CfnTable.SerdeInfoProperty(
                            serialization_library=f"{_PARQUET}.serde.ParquetHiveSerDe"
                        ),
                        input_format=f"{_PARQUET}.MapredParquetInputFormat",
                        output_format=f"{_PARQUET}.MapredParquetOutputFormat",
                    ),
                ),
            )
            table.apply_removal_policy(removal_policy)
