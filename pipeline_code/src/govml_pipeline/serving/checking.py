"""Rows of text checked by the training data's contract.

One set of rules for training and inference: what would be quarantined there is refused here, with the same reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.json_body import SHOWN

#: Rows that are checked at a time: bounds what their texts take beside the request itself.
_PART: Final = 20_000


def checked(rows: Sequence[Mapping[str, str | None]], contract: Contract) -> pl.DataFrame:
    """Return the rows, typed, in their order.

    Args:
        rows: text by column, n rows.
        contract: contract of the inputs.

    Raises:
        RequestError: a row breaks the contract.
    """
    parts = [
        check_rows(_raw(rows[start : start + _PART], start, contract), contract) for start in range(0, len(rows), _PART)
    ]
    refused = pl.concat([part for _, part in parts])
    if refused.height:
        details = [
            {"row": line, "column": column, "value": value, "reason": reason}
            for line, column, value, reason in refused.select(LINE, "column", "value", "reason").head(SHOWN).iter_rows()
        ]
        raise RequestError(
            "contract_violation", f"{refused.height} of {len(rows)} instances break the data contract", details
        )
    return pl.concat([part for part, _ in parts])


def _raw(rows: Sequence[Mapping[str, str | None]], start: int, contract: Contract) -> pl.DataFrame:
    columns = {name: [row.get(name) for row in rows] for name in contract.names}
    raw = pl.DataFrame(columns, schema=dict.fromkeys(contract.names, pl.String)).with_columns(
        pl.col(name).str.strip_chars().replace("", None) for name in contract.names
    )
    number = pl.int_range(start, start + len(rows), dtype=pl.UInt32, eager=True)
    return raw.with_columns(pl.lit("request").alias(FILE), number.alias(LINE))
