"""One CSV file as tables of one form, good lines, malformed lines and the refusal of the file itself alike.

Every engine parses a file by this function, so that a file means the same on each; they differ in where it runs. A file
is the unit of work, since its lines are numbered from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE, CsvReader
from govml_pipeline.errors import UserError

#: Why a line, or a whole file, cannot be read; what the line holds; how a refused file is to be mended.
DEFECT, DEFECT_VALUE, HINT = "defect", "defect_value", "hint"


def schema(contract: Contract) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Columns of the table: all text, but for the number of the line."""
    return {FILE: pl.String, LINE: pl.Int64} | dict.fromkeys((*contract.names, DEFECT, DEFECT_VALUE, HINT), pl.String)


def parse(stream: BinaryIO, name: str, contract: Contract) -> Iterator[pl.DataFrame]:
    """Parse a file, table by table; what refuses it is a row with line 0, its `defect` and `hint`, and the last."""
    columns = schema(contract)
    try:
        for chunk in CsvReader(stream, name, contract).chunks():
            yield _complete(chunk.rows, columns)
            malformed = chunk.malformed.select(
                FILE, LINE, pl.col("reason").alias(DEFECT), pl.col("value").alias(DEFECT_VALUE)
            )
            yield _complete(malformed, columns)
    except UserError as error:
        refusal = pl.DataFrame({FILE: [name], LINE: [0], DEFECT: [error.message], HINT: [error.hint]})
        yield _complete(refusal, columns)


def _complete(frame: pl.DataFrame, columns: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent).select(*columns).cast(columns)
