"""Reading one delivered CSV file into strings, with the line number of every row.

Nothing is guessed: a file that is no CSV, lacks a column or has no rows is refused with a message that says how to mend
it; rows with a wrong number of fields and a cut-off last line are handed on as malformed.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError

LINE = "source_line"
FILE = "source_file"
#: Decompressed size beyond which a file is refused: far above any month of data, and a stop for decompression bombs.
MAX_BYTES = 2 * 1024**3
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class CsvFile:
    """One file as read.

    Args:
        name: file name.
        sha256: digest of the file as delivered (compressed if it was).
        rows: all columns of the contract as strings (absent optional ones as nulls), plus `source_file` and
            `source_line` (1 is the header); shape (n, columns + 2).
        malformed: rows that cannot be read: `source_file`, `source_line`, `column`, `value`, `reason`.
        extra_columns: columns that the contract does not know; they are not read.
    """

    name: str
    sha256: str
    rows: pl.DataFrame
    malformed: pl.DataFrame
    extra_columns: tuple[str, ...]


MALFORMED_SCHEMA = {
    FILE: pl.String,
    LINE: pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
}


def read_csv_file(path: Path, contract: Contract, *, max_bytes: int = MAX_BYTES) -> CsvFile:
    """Read a CSV file, plain or gzip-compressed (told by its content).

    Args:
        path: the file; UTF-8 with or without byte order mark, comma-separated, with a header line.
        contract: names the columns.
        max_bytes: largest decompressed size in bytes.

    Raises:
        UserError: not readable as CSV, too large, a column missing, named twice, or not one row of data.
    """
    delivered = path.read_bytes()
    text = _decode(path.name, _decompress(path.name, delivered, max_bytes))
    if not text.strip():
        raise UserError(
            f"{path.name}: the file is empty", hint="deliver a file with a header line and at least one row"
        )
    header = next(csv.reader(io.StringIO(text)))
    header = [name.strip() for name in header]
    _check_header(path.name, header, contract)
    lines, malformed = _split_quoted(path.name, text, header) if '"' in text else _split_plain(path.name, text, header)
    if lines.height + malformed.height == 0:
        raise UserError(
            f"{path.name}: the file has a header but zero rows", hint="deliver at least one row, or leave the file out"
        )
    rows = lines.select(
        pl.lit(path.name).alias(FILE),
        pl.col(LINE),
        *(
            pl.col(name).str.strip_chars().replace("", None) if name in header else pl.lit(None, pl.String).alias(name)
            for name in contract.names
        ),
    )
    extra = tuple(name for name in header if name not in contract.names)
    return CsvFile(path.name, hashlib.sha256(delivered).hexdigest(), rows, malformed, extra)


def _decompress(name: str, data: bytes, max_bytes: int) -> bytes:
    if data[:2] != _GZIP_MAGIC:
        plain = data
    else:
        try:
            with gzip.open(io.BytesIO(data)) as stream:
                plain = stream.read(max_bytes + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise UserError(
                f"{name}: the gzip file is damaged or cut off ({error})", hint="deliver the file again"
            ) from error
    if len(plain) > max_bytes:
        raise UserError(
            f"{name}: more than {max_bytes:,} bytes of CSV", hint="split the file by month and deliver the parts"
        )
    return plain


def _decode(name: str, data: bytes) -> str:
    if b"\x00" in data[:65536]:
        raise UserError(
            f"{name}: not a CSV file, it holds binary data", hint="export the data as comma-separated UTF-8 text"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{name}, line {line}: not UTF-8 text (byte 0x{data[error.start]:02x})", hint="save the file as UTF-8"
        ) from error


def _check_header(name: str, header: list[str], contract: Contract) -> None:
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise UserError(f"{name}, line 1: column {repeated[0]!r} is named twice", hint="give every column its own name")
    missing = [column.name for column in contract.columns if column.required and column.name not in header]
    if not missing:
        return
    hint = f"the contract wants these columns: {', '.join(contract.names)}"
    if len(header) == 1:
        other = next((sign for sign in ";\t|" if sign in header[0]), None)
        if other:
            hint = f"the file seems to be separated by {other!r}: separate the fields with commas"
    close = {column: difflib.get_close_matches(column, header, n=1) for column in missing}
    renamed = "".join(f"; is {found[0]!r} meant to be {column!r}?" for column, found in close.items() if found)
    raise UserError(
        f"{name}, line 1: missing column{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))}{renamed}",
        hint=hint,
    )


def _malformed(name: str, entries: list[tuple[int, str, str]]) -> pl.DataFrame:
    rows = [(name, line, None, value[:200], reason) for line, value, reason in entries]
    return pl.DataFrame(rows, schema=MALFORMED_SCHEMA, orient="row")


def _reason(fields: int, wanted: int, *, last: bool, terminated: bool) -> str:
    if last and not terminated:
        return f"the file ends in the middle of this line ({fields} of {wanted} fields)"
    return f"{fields} fields instead of {wanted}"


def _cut_off(fields: int, wanted: int, *, last: bool, terminated: bool) -> bool:
    """An unterminated last line may end in half a number even if it has all its fields: it is never trusted."""
    return fields != wanted or (last and not terminated)


def _split_plain(name: str, text: str, header: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split text without quotes: vectorised, since no field can hold a comma or a line break."""
    terminated = text.endswith("\n")
    wanted = len(header)
    lines = pl.DataFrame({"text": text.split("\n")}).with_row_index(LINE, offset=1)
    lines = (
        lines.slice(1)
        .with_columns(pl.col("text").str.strip_chars_end("\r"))
        .filter(pl.col("text").str.strip_chars() != "")
    )
    last = lines[LINE].max() if lines.height else 0
    lines = lines.with_columns((pl.col("text").str.count_matches(",", literal=True) + 1).alias("fields"))
    suspect = (pl.col("fields") != wanted) | ((pl.col(LINE) == last) & (not terminated))
    entries = [
        (line, value, _reason(fields, wanted, last=line == last, terminated=terminated))
        for line, value, fields in lines.filter(suspect).iter_rows()
    ]
    good = lines.filter(~suspect)
    parts = good["text"].str.split_exact(",", wanted - 1).struct.rename_fields(header).struct.unnest()
    return parts.with_columns(good[LINE]), _malformed(name, entries)


def _split_quoted(name: str, text: str, header: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split text with quotes by the standard library's parser, which knows quoted commas and line breaks."""
    terminated = text.endswith("\n")
    wanted = len(header)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    parsed: list[tuple[int, list[str]]] = []
    try:
        next(reader)
        start = reader.line_num + 1
        for fields in reader:
            if len(fields) > 1 or any(field.strip() for field in fields):
                parsed.append((start, fields))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UserError(
            f"{name}, line {reader.line_num}: a quoted field is not closed properly ({error})",
            hint="write a quote inside a field as two quotes, and deliver the whole file",
        ) from error
    entries: list[tuple[int, str, str]] = []
    good: list[tuple[int, list[str]]] = []
    for position, (line, fields) in enumerate(parsed):
        last = position == len(parsed) - 1
        if _cut_off(len(fields), wanted, last=last, terminated=terminated):
            entries.append((line, ",".join(fields), _reason(len(fields), wanted, last=last, terminated=terminated)))
        else:
            good.append((line, fields))
    columns = {column: [fields[index] for _, fields in good] for index, column in enumerate(header)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String))
    return frame.with_columns(pl.Series(LINE, [line for line, _ in good], dtype=pl.UInt32)), _malformed(name, entries)
