"""Rows that are no longer in the table: what they were, until when, and which delivery replaced or removed them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.merging import CHANGE, table_schema
from govml_pipeline.storage import Storage

_FOLDER = "history"


class History:
    """Objects `history/<month>/<id of the delivery that replaced them>.parquet`.

    Args:
        curated: where they stand.
        contract: names their columns.
    """

    def __init__(self, curated: Storage, contract: Contract) -> None:
        self._curated, self._contract = curated, contract

    def add(self, superseded: pl.DataFrame) -> None:
        """Write rows, in place of what an earlier, broken attempt of the same delivery has written."""
        time = self._contract.time_column
        for (month, delivery), rows in superseded.partition_by(time, "superseded_by", as_dict=True).items():
            buffer = io.BytesIO()
            rows.write_parquet(buffer, compression="zstd")
            self._curated.write(f"{_FOLDER}/{month}/{delivery}.parquet", buffer.getvalue())

    def rewrite(self, months: Sequence[str], superseded: pl.DataFrame) -> None:
        """Write rows in place of everything that is remembered of these months."""
        time = self._contract.time_column
        self.add(superseded)
        now = set(superseded.select(pl.format("{}/{}/{}.parquet", pl.lit(_FOLDER), time, "superseded_by")).to_series())
        for month in months:
            for old in [each.name for each in self._curated.list(f"{_FOLDER}/{month}/")]:
                if old not in now:
                    self._curated.delete(old)

    def read(self) -> pl.DataFrame:
        """Return everything that is remembered, sorted by key and time."""
        schema = {**table_schema(self._contract), **CHANGE}
        parts = [
            pl.read_parquet(io.BytesIO(self._curated.read(each.name))) for each in self._curated.list(f"{_FOLDER}/")
        ]
        frames = [part.select(pl.col(name).cast(kind) for name, kind in schema.items()) for part in parts]
        return pl.concat([pl.DataFrame(schema=schema), *frames]).sort([*self._contract.key, "superseded_at"])
