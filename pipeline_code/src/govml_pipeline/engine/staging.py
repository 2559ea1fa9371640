"""One CSV file as one table, good lines, malformed lines and the refusal of the file itself alike.

Every engine parses a file by this function, so that a file means the same on each; they differ in where it runs. A file
is the unit of work: the strict reader needs the whole of it (`csv_file.MAX_BYTES` at most) to number its lines.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE, read_csv_file
from govml_pipeline.errors import UserError

#: Why a line, or a whole file, cannot be read; what the line holds; how a refused file is to be mended.
DEFECT, DEFECT_VALUE, HINT = "defect", "defect_value", "hint"


def schema(contract: Contract) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Columns of the table: all text, but for the number of the line."""
    return {FILE: pl.String, LINE: pl.Int64} | dict.fromkeys((*contract.names, DEFECT, DEFECT_VALUE, HINT), pl.String)


def parse_file(path: Path, contract: Contract) -> pl.DataFrame:
    """Parse a file; one that is refused gives one row with line 0, its `defect` and `hint`."""
    columns = schema(contract)
    try:
        file = read_csv_file(path, contract)
    except UserError as error:
        return pl.DataFrame({FILE: [path.name], LINE: [0], DEFECT: [error.message], HINT: [error.hint]}).pipe(
            _complete, columns
        )
    malformed = file.malformed.select(FILE, LINE, pl.col("reason").alias(DEFECT), pl.col("value").alias(DEFECT_VALUE))
    return pl.concat([_complete(file.rows, columns), _complete(malformed, columns)])


def _complete(frame: pl.DataFrame, columns: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent).select(*columns).cast(columns)
