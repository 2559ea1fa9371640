"""The matrix as CSV, one row for each rule and resource."""

from __future__ import annotations

import csv
import io

from govml.evidence.document import row_data
from govml.evidence.evidence import Evidence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(evidence: Evidence) -> str:
    """Return the CSV: UTF-8, lines ended by a line feed, lists joined by spaces.

    A spreadsheet takes a cell that starts with `=` or `@` for a formula; such a cell gets an apostrophe in front (OWASP,
    CSV injection).
    """
    rows = [row_data(row) for row in evidence.rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0] if rows else ("profile", "status"), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue()


def _cell(value: str | list[str]) -> str:
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if text.startswith(_FORMULA) else text
