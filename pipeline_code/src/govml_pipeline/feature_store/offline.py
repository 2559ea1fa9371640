"""The offline store: an Iceberg table of every write, with the columns that SageMaker adds.

Added are `api_invocation_time` (when the service took the record), `write_time` (when it could be read) and `is_deleted`
(SageMaker developer guide, "Offline store data format").
"""

from __future__ import annotations

import polars as pl

from govml_pipeline.feature_store.group import EVENT_TIME, TIMESTAMP, WRITE_TIME, FeatureGroup
from govml_pipeline.feature_store.times import moment
from govml_pipeline.ingestion.catalogue import GLUE, open_catalogue

_TAKEN, _DELETED = "api_invocation_time", "is_deleted"


def read_table(database: str, table: str) -> pl.DataFrame:
    """Read a table of the account's Glue catalogue."""
    frame = pl.from_arrow(open_catalogue(GLUE, database).load_table((database, table)).scan().to_arrow())
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"{database}.{table} is no table")
    return frame


def as_records(group: FeatureGroup, table: pl.DataFrame) -> pl.DataFrame:
    """Return the table as records, in the order in which the service took them.

    A feature that was declared after the table was made, and not written since, is null. A soft deletion keeps its row,
    with `is_deleted`.
    """
    absent = [pl.lit(None, kind).alias(name) for name, kind in group.schema.items() if name not in table.columns]
    moments = [pl.col(name).cast(pl.Datetime("us")).dt.replace_time_zone("UTC") for name in (_TAKEN, WRITE_TIME)]
    return (
        table.with_columns(moment(EVENT_TIME), *moments, *absent)
        .sort(_TAKEN)
        .select(*group.schema, WRITE_TIME, _DELETED)
        .cast({**group.schema, WRITE_TIME: TIMESTAMP, _DELETED: pl.Boolean})
    )
