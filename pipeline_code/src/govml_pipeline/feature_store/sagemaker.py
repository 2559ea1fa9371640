"""`SageMakerStore`: the same interface over SageMaker Feature Store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.group import EVENT_TIME, FeatureGroup
from govml_pipeline.feature_store.offline import as_records, read_table
from govml_pipeline.feature_store.online import from_values, get_in_batches, to_record
from govml_pipeline.feature_store.records import valid
from govml_pipeline.feature_store.store import FeatureStore

#: PutRecord calls under way at the same time; one takes about 10 ms, so that this writes about 1,000 records a second.
WRITERS: Final = 16


@dataclass(frozen=True)
class Deployed:
    """What DescribeFeatureGroup tells of a group: its name, its table, and whether it has an online store."""

    name: str
    database: str
    table: str
    online: bool


class SageMakerStore(FeatureStore):
    """Feature groups that the platform has deployed, written by PutRecord and read from both stores.

    The online store answers `latest`, where the group has one. Everything else reads the offline store's Iceberg table,
    which shows a write within 15 minutes (SageMaker developer guide, "Offline store data format").

    Args:
        prefix: what the names of the deployed groups start with, as in `sandbox-dev-hdb-resale`.
        control: boto3 client `sagemaker`.
        runtime: boto3 client `sagemaker-featurestore-runtime`, with at least `WRITERS` connections.
        read: reads a table of the catalogue, given database and name.
    """

    def __init__(
        self,
        prefix: str,
        *,
        control: Any,
        runtime: Any,
        read: Callable[[str, str], pl.DataFrame] = read_table,
    ) -> None:
        self.prefix = prefix
        self._control, self._runtime, self._read = control, runtime, read
        self._known: dict[str, Deployed] = {}

    @classmethod
    def connect(cls, prefix: str) -> SageMakerStore:
        """Return a store with clients of the environment's region and credentials."""
        import boto3
        from botocore.config import Config

        config = Config(max_pool_connections=WRITERS, retries={"mode": "adaptive", "max_attempts": 10})
        return cls(
            prefix,
            control=boto3.client("sagemaker", config=config),
            runtime=boto3.client("sagemaker-featurestore-runtime", config=config),
        )

    def records(self, group: FeatureGroup) -> pl.DataFrame:
        """Return every write that the offline store shows."""
        deployed = self.deployed(group)
        return as_records(group, self._read(deployed.database, deployed.table))

    def latest(self, group: FeatureGroup, keys: Sequence[str]) -> pl.DataFrame:
        """Return the latest record of each key: from the online store, or from the offline one where there is none."""
        deployed = self.deployed(group)
        if deployed.online:
            values = get_in_batches(self._runtime, deployed.name, sorted({key for key in keys if key is not None}))
            known = from_values(group, values)
        else:
            known = valid(group, self.records(group), None).sort(EVENT_TIME)
            known = known.unique(group.record_identifier, keep="last", maintain_order=True)
        wanted = pl.DataFrame({group.record_identifier: keys}, schema={group.record_identifier: pl.String})
        return wanted.join(known, on=group.record_identifier, how="left", maintain_order="left")

    def deployed(self, group: FeatureGroup) -> Deployed:
        """Return the deployed group, once it is known to be what the code declares.

        Raises:
            UserError: the group is not there, not ready, or lacks a declared feature or holds it with another type.
        """
        if group.key not in self._known:
            self._known[group.key] = self._describe(group)
        return self._known[group.key]

    def _describe(self, group: FeatureGroup) -> Deployed:
        name = f"{self.prefix}-{group.key.replace('_', '-')}"
        try:
            told = self._control.describe_feature_group(FeatureGroupName=name)
        except self._control.exceptions.ResourceNotFound as error:
            raise UserError(
                f"there is no feature group {name}",
                hint="turn features.feature_store on and deploy the use case's stack",
            ) from error
        if told["FeatureGroupStatus"] != "Created":
            raise UserError(f"feature group {name} is {told['FeatureGroupStatus']}: {told.get('FailureReason', '')}")
        there = {each["FeatureName"]: each["FeatureType"] for each in told["FeatureDefinitions"]}
        for feature, kind, _ in group.definitions:
            if there.get(feature) != kind:
                raise UserError(
                    f"feature group {name}: the code declares {feature} as {kind}, deployed is {there.get(feature)}",
                    hint="deploy the use case's stack from the same revision as the code",
                )
        catalogue = told["OfflineStoreConfig"]["DataCatalogConfig"]
        online = bool(told.get("OnlineStoreConfig", {}).get("EnableOnlineStore"))
        return Deployed(name, catalogue["Database"], catalogue["TableName"], online)

    def _add(self, group: FeatureGroup, frame: pl.DataFrame) -> None:
        # Oldest first: the online store keeps the latest event time in any order, and a stopped write leaves no gap behind.
        name = self.deployed(group).name
        records = [to_record(row) for row in frame.sort(EVENT_TIME).iter_rows(named=True)]
        with ThreadPoolExecutor(WRITERS) as pool:
            for _ in pool.map(lambda record: self._runtime.put_record(FeatureGroupName=name, Record=record), records):
                pass
