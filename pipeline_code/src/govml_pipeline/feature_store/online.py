"""Records as SageMaker's runtime takes and gives them: every value a text, a missing value left out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from govml_pipeline.feature_store.group import EVENT_TIME, FeatureGroup
from govml_pipeline.feature_store.times import FORMAT, moment

#: SageMaker API reference, BatchGetRecordIdentifier: at most 100 identifiers.
BATCH: Final = 100
_TRIES: Final = 5


def to_record(row: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a row as PutRecord takes it; `repr` of a float reads back to the same float."""
    return [
        {
            "FeatureName": name,
            "ValueAsString": value.strftime(FORMAT) if isinstance(value, datetime.datetime) else str(value),
        }
        for name, value in row.items()
        if value is not None
    ]


def from_values(group: FeatureGroup, records: Sequence[Sequence[Mapping[str, str]]]) -> pl.DataFrame:
    """Return records of the online store as a frame of the group's schema; features it does not know are left out."""
    texts = [{value["FeatureName"]: value["ValueAsString"] for value in record} for record in records]
    frame = pl.DataFrame(texts, schema=dict.fromkeys(group.schema, pl.String))
    return frame.with_columns(moment(EVENT_TIME)).cast(group.schema)


def get_in_batches(runtime: Any, name: str, keys: Sequence[str]) -> list[list[dict[str, str]]]:
    """Return the online records of the keys; a key without a record is left out.

    Raises:
        RuntimeError: the service refused a record, or left keys unanswered again and again.
    """
    found = []
    for start in range(0, len(keys), BATCH):
        wanted = [{"FeatureGroupName": name, "RecordIdentifiersValueAsString": list(keys[start : start + BATCH])}]
        for _ in range(_TRIES):
            answer = runtime.batch_get_record(Identifiers=wanted)
            if answer["Errors"]:
                error = answer["Errors"][0]
                raise RuntimeError(f"feature group {name}: {error['ErrorCode']}: {error['ErrorMessage']}")
            found += [record["Record"] for record in answer["Records"]]
            wanted = answer["UnprocessedIdentifiers"]
            if not wanted:
                break
        else:
            raise RuntimeError(
                f"feature group {name}: the service left {len(wanted)} look-ups unanswered {_TRIES} times"
            )
    return found
