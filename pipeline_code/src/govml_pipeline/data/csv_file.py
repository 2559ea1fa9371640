"""Reading one delivered CSV file into strings, with the line number of every row, in chunks of bounded size.

Nothing is guessed: a file that is no CSV, lacks a column or has no rows is refused with a message that says how to mend
it; rows with a wrong number of fields and a cut-off last line are handed on as malformed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_header import read_header
from govml_pipeline.data.csv_rows import LINE, OpenQuoteError, Split, split
from govml_pipeline.data.csv_text import CsvText, Piece
from govml_pipeline.errors import UserError

FILE = "source_file"
#: Decompressed size beyond which a file is refused: far above any month of data, and a stop for decompression bombs.
MAX_BYTES = 16 * 1024**3
#: A quoted field that is longer than this was never closed.
_LONGEST_QUOTE = 1024**2
MALFORMED_SCHEMA = {
    FILE: pl.String,
    LINE: pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "row": pl.String,
}


@dataclass(frozen=True)
class CsvChunk:
    """Some rows of a file.

    Args:
        rows: all columns of the contract as strings (absent optional ones as nulls), plus `source_file` and
            `source_line` (1 is the header); shape (n, columns + 2).
        malformed: rows that cannot be read: `source_file`, `source_line`, `column`, `value`, `reason`, `row`.
    """

    rows: pl.DataFrame
    malformed: pl.DataFrame


@dataclass(frozen=True)
class CsvFile:
    """One file as read whole.

    Args:
        name: file name.
        sha256: digest of the file as delivered (compressed if it was).
        rows: see `CsvChunk`.
        malformed: see `CsvChunk`.
        extra_columns: columns that the contract does not know; they are not read.
    """

    name: str
    sha256: str
    rows: pl.DataFrame
    malformed: pl.DataFrame
    extra_columns: tuple[str, ...]


class CsvReader:
    """Reads one file chunk by chunk.

    Args:
        stream: the file: UTF-8 with or without byte order mark, comma-separated, with a header line; plain or gzip.
        name: its name.
        contract: names the columns.
        max_bytes: largest decompressed size in bytes.

    Attributes:
        header: column names, once the first chunk has been read.
    """

    def __init__(self, stream: BinaryIO, name: str, contract: Contract, *, max_bytes: int = MAX_BYTES) -> None:
        self._text = CsvText(stream, name, max_bytes=max_bytes)
        self._name, self._contract = name, contract
        self.header: list[str] = []

    @property
    def sha256(self) -> str:
        """Digest of the delivered bytes, once all chunks have been read."""
        return self._text.sha256

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns that the contract does not know; they are not read."""
        return tuple(name for name in self.header if name not in self._contract.names)

    def chunks(self) -> Iterator[CsvChunk]:
        """Give all rows in order.

        Raises:
            UserError: not readable as CSV, too large, a column missing, named twice, or not one row of data.
        """
        found = False
        pieces = self._text.pieces()
        for piece in self._after_header(pieces):
            part = self._split(piece, pieces)
            found = found or bool(part.rows.height + part.malformed.height)
            yield self._chunk(part)
        if not found:
            raise UserError(
                f"{self._name}: the file has a header but zero rows",
                hint="deliver at least one row, or leave the file out",
            )

    def _after_header(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        first = next(pieces)
        while not first.text.strip() and not first.last:
            more = next(pieces)
            first = Piece(first.first_line, first.text + more.text, more.last)
        line, separator, text = first.text.partition("\n")
        if not first.text.strip() and first.last:
            raise UserError(
                f"{self._name}: the file is empty", hint="deliver a file with a header line and at least one row"
            )
        if not line.strip():
            raise UserError(f"{self._name}, line 1: the line is blank", hint="begin the file with its header line")
        self.header = read_header(self._name, line.rstrip("\r"), self._contract)
        yield Piece(first.first_line + bool(separator), text, first.last)
        yield from pieces

    def _split(self, piece: Piece, following: Iterator[Piece]) -> Split:
        """Split a piece; one that ends inside a quoted field takes the next one's lines along."""
        shortest = len(piece.text)
        while True:
            try:
                return split(piece.text, self.header, first_line=piece.first_line, last=piece.last)
            except OpenQuoteError as error:
                more = None if piece.last or len(piece.text) > shortest + _LONGEST_QUOTE else next(following, None)
                if more is None:
                    raise UserError(
                        f"{self._name}, in the lines from {piece.first_line} on: a quoted field is not closed properly ({error})",
                        hint="write a quote inside a field as two quotes, and deliver the whole file",
                    ) from error
                piece = Piece(piece.first_line, piece.text + more.text, more.last)

    def _chunk(self, part: Split) -> CsvChunk:
        columns = (
            pl.col(name).str.strip_chars().replace("", None)
            if name in self.header
            else pl.lit(None, pl.String).alias(name)
            for name in self._contract.names
        )
        rows = part.rows.select(pl.lit(self._name).alias(FILE), pl.col(LINE), *columns)
        malformed = part.malformed.select(
            pl.lit(self._name).alias(FILE),
            pl.col(LINE),
            pl.lit(None, pl.String).alias("column"),
            pl.col("row").str.slice(0, 200).alias("value"),
            "reason",
            "row",
        )
        return CsvChunk(rows, malformed)


def read_csv_file(path: Path, contract: Contract, *, max_bytes: int = MAX_BYTES) -> CsvFile:
    """Read a CSV file whole, for data that fits into memory.

    Args:
        path: the file; see `CsvReader`.
        contract: names the columns.
        max_bytes: largest decompressed size in bytes.

    Raises:
        UserError: see `CsvReader.chunks`.
    """
    with path.open("rb") as stream:
        reader = CsvReader(stream, path.name, contract, max_bytes=max_bytes)
        chunks = list(reader.chunks())
    rows, malformed = (
        pl.concat(frames) for frames in zip(*((each.rows, each.malformed) for each in chunks), strict=True)
    )
    return CsvFile(path.name, reader.sha256, rows, malformed, reader.extra_columns)
