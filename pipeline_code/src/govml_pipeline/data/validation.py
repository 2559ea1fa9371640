"""Validation of delivered files against a data contract: every row ends up accepted or quarantined, none is lost.

Refused as a whole (`UserError`, nothing written): a file that is no CSV, lacks a required column or has zero rows; any
unreadable row when the contract says `malformed_rows = "refuse"` (text in a number, a wrong number of fields, a line
that is cut off); and a delivery of which more than `max_quarantine_share` breaks the rules.
Quarantined row by row, with file, line, column, value and reason: readable rows that break a rule.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline.data import rules
from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE, CsvFile, read_csv_file
from govml_pipeline.data.curated_files import SUFFIX, read_curated_file
from govml_pipeline.errors import UserError

_SHOWN = 10


@dataclass(frozen=True)
class Validated:
    """Outcome of a validation: `rows.height + quarantined.height == report["dataset"]["rows_read"]`.

    Args:
        rows: accepted rows, typed, in the order of the files, with `source_file` and `source_line`.
        quarantined: `source_file`, `source_line`, `column`, `value`, `reason`; the first reason of each row.
        report: what the report file holds.
    """

    rows: pl.DataFrame
    quarantined: pl.DataFrame
    report: dict[str, Any]


def list_files(folder: Path) -> tuple[list[Path], list[str]]:
    """CSV files of a folder by name, or those of a curated table; and the names of other files, which are not read.

    Raises:
        UserError: no such file in the folder, or both kinds.
    """
    entries = sorted(path for path in folder.rglob("*") if path.is_file())
    visible = [path for path in entries if not path.name.startswith(".")]
    curated = [path for path in visible if path.name.endswith(SUFFIX)]
    delivered = [path for path in visible if path.name.endswith((".csv", ".csv.gz"))]
    files = curated or delivered
    others = [path.name for path in entries if path not in files]
    if not files:
        found = f"; it holds {', '.join(others[:5])}" if others else ", it is empty"
        raise UserError(
            f"no .csv, .csv.gz or .parquet file in {folder}{found}", hint="put the delivered CSV files there"
        )
    if curated and delivered:
        raise UserError(
            f"{folder} holds files of a curated table and delivered CSV files", hint="train on one of the two"
        )
    return files, others


def validate_files(files: list[Path], contract: Contract, *, this_month: int | None = None) -> Validated:
    """Read and check files against the contract.

    Args:
        files: CSV files, or the files of a curated table, read in this order.
        contract: the data contract.
        this_month: number of the current month (see `months`); the clock's, in Singapore, when None.

    Raises:
        UserError: a file or the delivery is refused; the message names file, line, column and value.
    """
    read = [(read_curated_file if path.name.endswith(SUFFIX) else read_csv_file)(path, contract) for path in files]
    raw = pl.concat([file.rows for file in read])
    malformed = pl.concat([file.malformed for file in read])
    if not raw.height + malformed.height:
        raise UserError(f"{', '.join(file.name for file in read[:5])}: zero rows", hint="take in at least one row")
    rows, quarantined = check_rows(raw, contract, this_month=this_month)
    malformed = malformed.with_columns((pl.lit(rules.MALFORMED) + pl.col("reason")).alias("reason")).drop("row")
    quarantined = pl.concat([malformed, quarantined]).sort(FILE, LINE)
    _decide(rows.height, quarantined, contract)
    return Validated(rows, quarantined, _report(read, rows, quarantined, contract))


def _decide(accepted: int, quarantined: pl.DataFrame, contract: Contract) -> None:
    """Raise UserError if the delivery is refused as a whole."""
    malformed = quarantined.filter(pl.col("reason").str.starts_with(rules.MALFORMED))
    if malformed.height and contract.malformed_rows == "refuse":
        raise UserError(
            f"{malformed.height:,} row{'s' * (malformed.height > 1)} cannot be read:\n{describe(malformed)}",
            hint="mend these rows, or deliver the whole file again if it was cut off on its way",
        )
    share = quarantined.height / (accepted + quarantined.height)
    if share > contract.max_quarantine_share:
        raise UserError(
            f"{quarantined.height:,} of {accepted + quarantined.height:,} rows break the data contract "
            f"({share:.1%}, at most {contract.max_quarantine_share:.1%}):\n{describe(quarantined)}",
            hint="mend these rows, or change the contract if the publisher has changed the data",
        )


def describe(rows: pl.DataFrame) -> str:
    """Text for people: the first rows of a quarantine frame, one a line."""
    lines = [
        f"  {file}, line {line}: {f'{column} = {value!r}: ' if column else f'{value!r}: '}{reason}"
        for file, line, column, value, reason in rows.select(FILE, LINE, "column", "value", "reason")
        .head(_SHOWN)
        .iter_rows()
    ]
    more = rows.height - _SHOWN
    return "\n".join([*lines, *([f"  ... and {more:,} more"] if more > 0 else [])])


def _report(read: list[CsvFile], rows: pl.DataFrame, quarantined: pl.DataFrame, contract: Contract) -> dict[str, Any]:
    by_reason = quarantined.group_by("column", "reason").len().sort("column", "reason")
    time = rows[contract.time_column]
    digest = hashlib.sha256("\n".join(f"{file.sha256}  {file.name}" for file in read).encode()).hexdigest()
    return {
        "contract": {"name": contract.name, "version": contract.version},
        "dataset": {
            "title": contract.title,
            "notice": contract.notice,
            "sha256": digest,
            "files": [
                {"name": file.name, "sha256": file.sha256, "rows": file.rows.height + file.malformed.height}
                for file in read
            ],
            "rows_read": rows.height + quarantined.height,
            "rows_accepted": rows.height,
            "rows_quarantined": quarantined.height,
            "first_month": time.min(),
            "last_month": time.max(),
        },
        "quarantine": {
            "by_reason": [
                {"column": column, "reason": reason, "rows": count} for column, reason, count in by_reason.iter_rows()
            ],
            "examples": quarantined.head(_SHOWN).to_dicts(),
        },
        "warnings": _warnings(read, rows, contract),
        "columns": {column.name: _statistics(rows[column.name]) for column in contract.columns},
    }


def _warnings(read: list[CsvFile], rows: pl.DataFrame, contract: Contract) -> list[str]:
    found = [f"{file.name}: unknown column {name!r} is not read" for file in read for name in file.extra_columns]
    for column in contract.columns:
        if column.kind == "category" and column.unknown == "warn":
            found += [
                f"{column.name}: {count:,} rows with {value!r}, which the contract does not list"
                for value, count in rules.unknown_values(rows, column).items()
            ]
        if not column.required and (absent := rows[column.name].null_count()):
            found.append(f"{column.name}: missing in {absent:,} rows; derived from other columns")
    repeated = rows.height - rows.select(contract.names).n_unique()
    if repeated:
        found.append(f"{repeated:,} rows repeat another row in every column; they are kept")
    return found


def _statistics(values: pl.Series) -> dict[str, Any]:
    return {
        "missing": values.null_count(),
        "distinct": values.n_unique(),
        "minimum": values.min(),
        "maximum": values.max(),
    }
