"""Rows that break the contract, whole, with the reason: nothing is lost, and somebody can mend them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from govml_pipeline.data import rules
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.errors import UserError

SCHEMA = {
    "delivery_id": pl.String,
    "source_file": pl.String,
    LINE: pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "row": pl.String,
}
"""Columns; `row` is the whole row, as JSON, or as text where it has the wrong number of fields."""
#: So few bad rows never refuse a file, whatever their share.
_ALWAYS_ALLOWED = 50
_SHOWN = 10


class Quarantine:
    """The bad rows of one file, on this machine's disk until all are known.

    Args:
        path: Parquet file to write.
        delivery_id: the file's delivery.

    Attributes:
        rows: number of rows so far.
        reasons: (column, reason) -> number of rows.
        examples: the first rows, as they are shown to people.
    """

    def __init__(self, path: Path, delivery_id: str) -> None:
        self.path, self._delivery_id = path, delivery_id
        self.rows = 0
        self.reasons: dict[tuple[str, str], int] = {}
        self.examples: list[dict[str, Any]] = []
        self._writer = pq.ParquetWriter(path, pl.DataFrame(schema=SCHEMA).to_arrow().schema, compression="zstd")

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows that have the columns of `SCHEMA` but the delivery's id."""
        if not rows.height:
            return
        typed = rows.with_columns(pl.lit(self._delivery_id).alias("delivery_id")).select(
            pl.col(name).cast(kind) for name, kind in SCHEMA.items()
        )
        self._writer.write_table(typed.to_arrow())
        self.rows += rows.height
        self.examples += typed.select(LINE, "column", "value", "reason").head(_SHOWN - len(self.examples)).to_dicts()
        for column, reason, count in rows.group_by("column", "reason").len().iter_rows():
            key = (column or "", reason)
            self.reasons[key] = self.reasons.get(key, 0) + count

    def decide(self, name: str, read: int, contract: Contract) -> None:
        """Refuse a file of which too much is wrong.

        Args:
            name: the file's name.
            read: number of its rows.
            contract: says how much is too much.

        Raises:
            UserError: see `Contract.malformed_rows` and `Contract.max_quarantine_share`.
        """
        malformed = sum(count for (_, reason), count in self.reasons.items() if reason.startswith(rules.MALFORMED))
        if malformed and contract.malformed_rows == "refuse":
            raise UserError(
                f"{name}: {malformed:,} rows cannot be read ({self._worst()})",
                hint="mend these rows, or deliver the whole file again",
            )
        if self.rows > _ALWAYS_ALLOWED and self.rows > contract.max_quarantine_share * read:
            raise UserError(
                f"{name}: {self.rows:,} of {read:,} rows break the data contract ({self.rows / read:.1%}, "
                f"at most {contract.max_quarantine_share:.1%}): {self._worst()}",
                hint="mend these rows, or raise the contract's version with what the publisher has changed",
            )

    def summary(self) -> tuple[dict[str, Any], ...]:
        """Return `column`, `reason`, `rows` for each kind of defect, the most frequent first."""
        most = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        return tuple({"column": column, "reason": reason, "rows": count} for (column, reason), count in most)

    def _worst(self) -> str:
        text = "; ".join(
            f"{each['rows']:,} x {each['column'] + ': ' if each['column'] else ''}{each['reason']}"
            for each in self.summary()[:5]
        )
        first = self.examples[0] if self.examples else None
        return f"{text}; first in line {first[LINE]}: {first['value']!r}" if first else text
