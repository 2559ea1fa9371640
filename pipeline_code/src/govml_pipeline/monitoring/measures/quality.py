"""Quality of a window's rows against the data contract: what the rules of ingestion say about rows that a model was asked about.

The same rules in the same code (`data.checks`). A feed that is broken is no drift: the model is not to be retrained on
it, and somebody has to mend it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from govml_pipeline.data import rules
from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.monitoring.sketches.columns import texts

#: Unknown values that are named, those with most rows first.
_NAMED: Final = 20


@dataclass(frozen=True)
class Refusal:
    """Rows that one rule refuses: the column, the reason as ingestion gives it, and how many rows."""

    column: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Quality:
    """Quality of rows.

    Args:
        rows: how many.
        refused: rows that break a rule.
        refusals: by rule, those with most rows first; of a row that breaks several, the first counts.
        missing: share of the rows without a value, by column of the contract.
        absent: columns of the contract that the rows do not have.
        extra: columns that the contract does not know.
        unknown: rows of values that an open category does not list, by column and value, the 20 with most rows.
        repeated: rows that equal an earlier one in every column of the contract.
        problems: why the feed counts as broken, in words; empty: it does not.
    """

    rows: int
    refused: int
    refusals: tuple[Refusal, ...]
    missing: dict[str, float]
    absent: tuple[str, ...]
    extra: tuple[str, ...]
    unknown: dict[str, dict[str, int]]
    repeated: int
    problems: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether nothing should be learnt from these rows."""
        return bool(self.problems)

    def to_dict(self) -> dict[str, Any]:
        """What a JSON report holds."""
        return asdict(self)


def quality(
    rows: pl.DataFrame, contract: Contract, *, this_month: int | None = None, known: frozenset[str] = frozenset()
) -> Quality:
    """Check rows against a contract.

    The feed counts as broken if there is no row, if a required column is absent, or if a larger share of the rows breaks
    a rule than the contract lets ingestion accept (`max_quarantine_share`).

    Args:
        rows: rows as delivered or captured, as text or typed, shape (n, columns).
        contract: the contract; `contract.inputs` for requests, which have no target.
        this_month: number of the current month (`months.number`); the clock's, in Singapore, when None.
        known: further columns that are no surprise, such as an inference id.
    """
    absent = tuple(name for name in contract.names if name not in rows.columns)
    extra = tuple(name for name in rows.columns if name not in contract.names and name not in known)
    text = pl.DataFrame(
        [
            texts(rows[name]) if name in rows.columns else pl.Series(name, [None] * rows.height, dtype=pl.String)
            for name in contract.names
        ]
    )
    numbered = text.with_columns(pl.lit("").alias(FILE), pl.int_range(0, pl.len(), dtype=pl.Int64).alias(LINE))
    accepted, refused = check_rows(numbered, contract, this_month=this_month)
    counted = (
        refused.group_by("column", "reason").len().sort(["len", "column", "reason"], descending=[True, False, False])
    )
    return Quality(
        rows.height,
        refused.height,
        tuple(Refusal(*row) for row in counted.iter_rows()),
        {name: text[name].null_count() / max(text.height, 1) for name in contract.names},
        absent,
        extra,
        _unknown(accepted, contract),
        text.height - text.n_unique() if text.height else 0,
        _problems(rows.height, refused.height, absent, contract),
    )


def _unknown(accepted: pl.DataFrame, contract: Contract) -> dict[str, dict[str, int]]:
    found = {}
    for column in contract.columns:
        if column.kind == "category" and column.unknown == "warn":
            counts = rules.unknown_values(accepted, column)
            first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_NAMED]
            if first:
                found[column.name] = dict(first)
    return found


def _problems(rows: int, refused: int, absent: tuple[str, ...], contract: Contract) -> tuple[str, ...]:
    if not rows:
        return ("there are no rows",)
    problems = []
    required = [column.name for column in contract.columns if column.required and column.name in absent]
    if required:
        problems.append(f"required column {', '.join(required)} is absent")
    share = refused / rows
    if share > contract.max_quarantine_share:
        problems.append(
            f"{refused:,} of {rows:,} rows break the data contract ({share:.1%}, at most {contract.max_quarantine_share:.1%})"
        )
    return tuple(problems)
