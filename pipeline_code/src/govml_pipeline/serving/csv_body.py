"""CSV bodies: with a header line, or without one in the contract's order of columns, as batch transform sends them."""

from __future__ import annotations

import csv
import io

from govml_pipeline.data.contract import Contract
from govml_pipeline.serving.errors import RequestError


def csv_rows(text: str, contract: Contract) -> list[dict[str, str | None]]:
    """Return the rows as text.

    Args:
        text: the body.
        contract: contract of the training data.

    Raises:
        RequestError: not CSV, a header with unknown or repeated columns, or a line with more or fewer fields.
    """
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise RequestError("malformed_request", f"the body is not CSV: {error}") from error
    names = list(contract.inputs.names)
    if lines and lines[0][0].strip() in contract.names:
        names = [name.strip() for name in lines.pop(0)]
        unknown = [name[:100] for name in names if name not in contract.names]
        if unknown or len(set(names)) != len(names):
            what = f"unknown columns {unknown[:20]}" if unknown else "a column is named twice"
            raise RequestError("contract_violation", f"header: {what}")
    for row, fields in enumerate(lines):
        if len(fields) != len(names):
            raise RequestError(
                "malformed_request",
                f"row {row} has {len(fields)} fields instead of {len(names)} ({', '.join(names)})",
            )
    return [dict(zip(names, fields, strict=True)) for fields in lines]
