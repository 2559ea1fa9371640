"""The header line of a delivered file, held against the contract."""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError


def read_header(name: str, line: str, contract: Contract) -> list[str]:
    """Return the column names of a header line.

    Args:
        name: the file's name, for messages.
        line: the header line.
        contract: names the columns.

    Raises:
        UserError: a column is missing or named twice, or the fields are separated by something else than commas.
    """
    header = [column.strip() for column in next(csv.reader(io.StringIO(line, newline="")))]
    repeated = sorted(column for column, times in Counter(header).items() if times > 1)
    if repeated:
        raise UserError(f"{name}, line 1: column {repeated[0]!r} is named twice", hint="give every column its own name")
    missing = [column.name for column in contract.columns if column.required and column.name not in header]
    if not missing:
        return header
    hint = f"the contract wants these columns: {', '.join(contract.names)}"
    if len(header) == 1:
        other = next((sign for sign in ";\t|" if sign in header[0]), None)
        if other:
            hint = f"the file seems to be separated by {other!r}: separate the fields with commas"
    if {column.lower() for column in missing} <= {column.lower() for column in header}:
        hint = f"capital letters count: write {', '.join(missing)}"
    close = {column: difflib.get_close_matches(column, header, n=1) for column in missing}
    renamed = "".join(f"; is {found[0]!r} meant to be {column!r}?" for column, found in close.items() if found)
    raise UserError(
        f"{name}, line 1: missing column{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))}{renamed}",
        hint=hint,
    )
