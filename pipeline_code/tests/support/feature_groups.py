"""Feature groups of tests, moments to write and ask at, and a SageMaker runtime that lives in memory."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import boto3
import polars as pl
from botocore.validate import ParamValidator

from govml_pipeline.feature_store.group import TIMESTAMP, Feature, FeatureGroup

GROUP = FeatureGroup(
    name="block_history",
    description="Prices of a block.",
    record_identifier="block_key",
    features=(
        Feature("level", "Fractional", "Level."),
        Feature("sales", "Integral", "Sales."),
        Feature("model", "String", "Flat model."),
    ),
)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def frame(*records: tuple[str, str, float | None, int | None, str | None]) -> pl.DataFrame:
    columns = [*GROUP.schema]
    rows = [(key, moment(at), *values) for key, at, *values in records]
    return pl.DataFrame(rows, schema={name: GROUP.schema[name] for name in columns}, orient="row")


def keys(*asked: tuple[str, str]) -> pl.DataFrame:
    rows = [(key, moment(at)) for key, at in asked]
    return pl.DataFrame(rows, schema={"block_key": pl.String, "time": TIMESTAMP}, orient="row")


class Clock:
    def __init__(self, text: str = "2020-01-01") -> None:
        self.now = moment(text)

    def __call__(self) -> datetime.datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = moment(text)


class _NotFoundError(Exception):
    pass


class FakeSageMaker:
    """Control plane, runtime and offline table; every call is checked against botocore's model of the API."""

    exceptions = SimpleNamespace(ResourceNotFound=_NotFoundError)

    def __init__(self, clock: Clock, *, online: bool = True) -> None:
        self.clock, self.online = clock, online
        self.groups: dict[str, FeatureGroup] = {}
        self.types: dict[str, str] = {}
        self.written: list[dict[str, Any]] = []
        self.batches: list[int] = []
        self.busy = 0
        runtime = boto3.client("sagemaker-featurestore-runtime", region_name="ap-southeast-1")
        self._model = runtime.meta.service_model

    def _check(self, operation: str, request: dict[str, Any]) -> None:
        report = ParamValidator().validate(request, self._model.operation_model(operation).input_shape)
        assert not report.has_errors(), report.generate_report()

    def describe_feature_group(self, **request: str) -> dict[str, Any]:
        name = request["FeatureGroupName"]
        if name not in self.groups:
            raise _NotFoundError(name)
        group = self.groups[name]
        return {
            "FeatureGroupStatus": "Created",
            "FeatureDefinitions": [
                {"FeatureName": feature, "FeatureType": self.types.get(feature, kind)}
                for feature, kind, _ in group.definitions
            ],
            "OnlineStoreConfig": {"EnableOnlineStore": self.online},
            "OfflineStoreConfig": {"DataCatalogConfig": {"Database": "sandbox_dev", "TableName": name}},
        }

    def put_record(self, **request: Any) -> None:
        self._check("PutRecord", request)
        values = {each["FeatureName"]: each["ValueAsString"] for each in request["Record"]}
        self.written.append({"group": request["FeatureGroupName"], "values": values, "at": self.clock.now})

    def batch_get_record(self, **request: Any) -> dict[str, Any]:
        self._check("BatchGetRecord", request)
        (asked,) = request["Identifiers"]
        name, wanted = asked["FeatureGroupName"], asked["RecordIdentifiersValueAsString"]
        if self.busy:
            self.busy -= 1
            return {"Records": [], "Errors": [], "UnprocessedIdentifiers": [asked]}
        self.batches.append(len(wanted))
        identifier = self.groups[name].record_identifier
        latest: dict[str, dict[str, str]] = {}
        for values in (write["values"] for write in self.written if write["group"] == name):
            key = values[identifier]
            if values["event_time"] >= latest.get(key, values)["event_time"]:
                latest[key] = values
        records = [
            {
                "FeatureGroupName": name,
                "RecordIdentifierValueAsString": key,
                "Record": [{"FeatureName": feature, "ValueAsString": text} for feature, text in latest[key].items()],
            }
            for key in wanted
            if key in latest
        ]
        return {"Records": records, "Errors": [], "UnprocessedIdentifiers": []}

    def read(self, database: str, table: str) -> pl.DataFrame:
        """The offline table as Iceberg gives it: typed values, moments without a zone."""
        group = self.groups[table]
        casts = {name: kind for name, kind in group.schema.items() if name != "event_time"}
        rows = [
            {
                **dict.fromkeys(group.schema),
                **write["values"],
                "api_invocation_time": write["at"].replace(tzinfo=None),
                "write_time": write["at"].replace(tzinfo=None),
                "is_deleted": False,
            }
            for write in self.written
            if write["group"] == table
        ]
        moments = dict.fromkeys(("api_invocation_time", "write_time"), pl.Datetime("us"))
        schema = {**dict.fromkeys(group.schema, pl.String), **moments, "is_deleted": pl.Boolean}
        return pl.DataFrame(rows, schema=schema).cast(casts)
