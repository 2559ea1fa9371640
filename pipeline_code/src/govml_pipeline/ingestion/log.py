"""The accepted rows of every delivery, as they came: what the table is made of, and can be made of again."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.ledger import Entry
from govml_pipeline.ingestion.merging import table_schema
from govml_pipeline.ingestion.table import typed
from govml_pipeline.storage import Storage


class DeliveryLog:
    """Objects `deliveries/<delivery id>/<first month>_<last month>.parquet`.

    Args:
        curated: where they stand.
        contract: names their columns.
    """

    def __init__(self, curated: Storage, contract: Contract) -> None:
        self._curated, self._contract = curated, contract

    def write(self, delivery_id: str, rows: pl.DataFrame) -> str:
        """Write the rows of some months; return the object's name, which is the same for the same months."""
        months = rows[self._contract.time_column]
        name = f"deliveries/{delivery_id}/{months.min()}_{months.max()}.parquet"
        with tempfile.TemporaryDirectory(prefix="govml-log-") as folder:
            path = Path(folder) / "part.parquet"
            rows.write_parquet(path, compression="zstd")
            self._curated.write(name, path)
        return name

    def read(self, entry: Entry, months: Sequence[str]) -> pl.DataFrame:
        """Return a delivery's accepted rows of some months, with the table's columns."""
        parts = [self._part(name, months) for name in entry.parts if _may_hold(name, months)]
        return pl.concat([pl.DataFrame(schema=table_schema(self._contract)), *parts])

    def _part(self, name: str, months: Sequence[str]) -> pl.DataFrame:
        rows = pl.read_parquet(io.BytesIO(self._curated.read(name)))
        return typed(rows.filter(pl.col(self._contract.time_column).is_in(months)), self._contract)


def _may_hold(name: str, months: Sequence[str]) -> bool:
    first, last = name.rsplit("/", 1)[-1].removesuffix(".parquet").split("_")
    return any(first <= month <= last for month in months)
