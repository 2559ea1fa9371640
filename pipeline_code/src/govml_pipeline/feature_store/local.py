"""`LocalStore`: a feature store in a folder of Parquet files; no AWS, the same answers."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from govml_pipeline.feature_store.group import EVENT_TIME, TIMESTAMP, WRITE_TIME, FeatureGroup
from govml_pipeline.feature_store.records import valid
from govml_pipeline.feature_store.store import FeatureStore
from govml_pipeline.feature_store.times import now


class LocalStore(FeatureStore):
    """One folder for each group, one file for each write; nothing is ever overwritten.

    Args:
        folder: made at the first write.
        clock: tells when a write is made.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime.datetime] = now) -> None:
        self.folder = folder
        self._clock = clock

    def records(self, group: FeatureGroup) -> pl.DataFrame:
        """Return every write; a feature that was declared after a file was written is null in it."""
        schema = {**group.schema, WRITE_TIME: TIMESTAMP}
        files = sorted((self.folder / group.key).glob("*.parquet"))
        parts = [pl.DataFrame(schema=schema), *(pl.read_parquet(file) for file in files)]
        return pl.concat(parts, how="diagonal").select(list(schema))

    def latest(self, group: FeatureGroup, keys: Sequence[str]) -> pl.DataFrame:
        """Return the latest record of each key."""
        known = valid(group, self.records(group), None).sort(EVENT_TIME)
        known = known.unique(group.record_identifier, keep="last", maintain_order=True)
        wanted = pl.DataFrame({group.record_identifier: keys}, schema={group.record_identifier: pl.String})
        return wanted.join(known, on=group.record_identifier, how="left", maintain_order="left")

    def _add(self, group: FeatureGroup, frame: pl.DataFrame) -> None:
        folder = self.folder / group.key
        folder.mkdir(parents=True, exist_ok=True)
        written = frame.with_columns(pl.lit(self._clock(), dtype=TIMESTAMP).alias(WRITE_TIME))
        with tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as staging:
            whole = Path(staging) / "write.parquet"
            written.write_parquet(whole)
            number = sum(1 for _ in folder.glob("*.parquet")) + 1
            while not _took(whole, folder / f"{number:06d}.parquet"):
                number += 1


def _took(whole: Path, target: Path) -> bool:
    """Give a file its name, if no other writer has taken it meanwhile."""
    try:
        os.link(whole, target)
    except FileExistsError:
        return False
    return True
