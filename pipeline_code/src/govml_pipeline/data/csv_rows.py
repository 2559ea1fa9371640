"""Lines of text into fields: vectorised where no quote stands, by the standard library's parser where one does.

Rows with a wrong number of fields, and a last line without a line feed (it may be cut off), are handed on as malformed.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import polars as pl

LINE = "source_line"
#: What is kept of a row that cannot be read: its line, why, and its text.
MALFORMED = {LINE: pl.UInt32, "reason": pl.String, "row": pl.String}


class OpenQuoteError(ValueError):
    """The text ends inside a quoted field: it goes on in the next piece, or the quote is never closed."""


@dataclass(frozen=True)
class Split:
    """Fields of some lines.

    Args:
        rows: `source_line` and one column of text for each name of the header; shape (n, columns + 1).
        malformed: `source_line`, `reason`, `row`.
    """

    rows: pl.DataFrame
    malformed: pl.DataFrame


def split(text: str, header: list[str], *, first_line: int, last: bool) -> Split:
    """Split whole lines into fields.

    Args:
        text: the lines.
        header: column names.
        first_line: number of the first line.
        last: the file ends with this text; a last line without a line feed is then not trusted.

    Raises:
        OpenQuoteError: a quoted field is not closed within the text.
    """
    if '"' in text:
        return _split_quoted(text, header, first_line, terminated=not last or text.endswith("\n"))
    return _split_plain(text, header, first_line, terminated=not last or text.endswith("\n"))


def _split_plain(text: str, header: list[str], first_line: int, *, terminated: bool) -> Split:
    wanted = len(header)
    lines = (
        pl.DataFrame({"row": text.split("\n")})
        .with_row_index(LINE, offset=first_line)
        .with_columns(pl.col("row").str.strip_chars_end("\r"))
        .filter(pl.col("row").str.strip_chars() != "")
        .with_columns((pl.col("row").str.count_matches(",", literal=True) + 1).alias("fields"))
    )
    last = pl.lit(value=False) if terminated else pl.int_range(pl.len()) == pl.len() - 1
    suspect = (pl.col("fields") != wanted) | last
    bad = lines.filter(suspect)
    entries = [
        (line, _reason(fields, wanted, cut=not terminated and position == bad.height - 1), row)
        for position, (line, row, fields) in enumerate(bad.iter_rows())
    ]
    good = lines.filter(~suspect)
    parts = good["row"].str.split_exact(",", wanted - 1).struct.rename_fields(header).struct.unnest()
    return Split(parts.with_columns(good[LINE]), pl.DataFrame(entries, schema=MALFORMED, orient="row"))


def _split_quoted(text: str, header: list[str], first_line: int, *, terminated: bool) -> Split:
    wanted = len(header)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    parsed: list[tuple[int, list[str]]] = []
    start = first_line
    try:
        for fields in reader:
            if len(fields) > 1 or any(field.strip() for field in fields):
                parsed.append((start, fields))
            start = first_line + reader.line_num
    except csv.Error as error:
        raise OpenQuoteError(str(error)) from error
    entries: list[tuple[int, str, str]] = []
    good: list[tuple[int, list[str]]] = []
    for position, (line, fields) in enumerate(parsed):
        cut = not terminated and position == len(parsed) - 1
        if cut or len(fields) != wanted:
            entries.append((line, _reason(len(fields), wanted, cut=cut), ",".join(fields)))
        else:
            good.append((line, fields))
    columns = {column: [fields[index] for _, fields in good] for index, column in enumerate(header)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String))
    frame = frame.with_columns(pl.Series(LINE, [line for line, _ in good], dtype=pl.UInt32))
    return Split(frame, pl.DataFrame(entries, schema=MALFORMED, orient="row"))


def _reason(fields: int, wanted: int, *, cut: bool) -> str:
    if cut:
        return f"the file ends in the middle of this line ({fields} of {wanted} fields)"
    return f"{fields} fields instead of {wanted}"
