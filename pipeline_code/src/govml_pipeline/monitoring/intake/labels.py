"""Delayed labels: what turned out to be true, joined to what was predicted, whatever order it comes in.

| what comes | what happens |
|---|---|
| no label (yet) | the row waits; at its window's deadline it is given up |
| a label twice, the same | once |
| another label later (`labelled_at`) | the latest counts: a correction |
| two labels of one moment, or without any, that differ | neither counts: nobody knows |
| a label for what was never predicted | counted as `unmatched` |
| a label after its window was judged | the window is judged again, up to `late_windows` windows back |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError
from govml_pipeline.model.predictions import PREDICTION
from govml_pipeline.monitoring.intake.capture import INFERENCE, ROW
from govml_pipeline.monitoring.judging.windows import TIME

LABELLED_AT: Final = "labelled_at"


@dataclass(frozen=True)
class Joined:
    """Predicted rows beside their labels.

    Args:
        rows: the predicted rows with the target's column, null where there is no label.
        counts: `labels` delivered, `repeated`, `corrected`, `contradictory` (ids or keys without a label that counts),
            `missing` (no value), `unmatched`.
    """

    rows: pl.DataFrame
    counts: dict[str, int]


def join_labels(rows: pl.DataFrame, labels: pl.DataFrame, contract: Contract, *, by_key: bool) -> Joined:
    """Join labels to predicted rows.

    Args:
        rows: rows with their predictions, shape (n, columns).
        labels: the target's column with `inference_id` and, for requests of several rows, `row`; or with the contract's
            columns for `by_key`; `labelled_at` (date and time) where it is known.
        contract: names target and key.
        by_key: join by every input that the key holds. Several records of one key are several true outcomes of one
            prediction, as two flats of one block sold in one month are: each is a labelled row.

    Raises:
        UserError: there is no target, or the labels lack a column.
    """
    target = contract.target
    if not target:
        raise UserError("the use case has no target, so there are no labels", hint="leave out the input `labels`")
    keys = [name for name in contract.key if name != target] if by_key else [INFERENCE]
    lacking = [name for name in (*keys, target) if name not in labels.columns]
    if lacking:
        raise UserError(
            f"labels: there is no column {lacking[0]!r}; they have {', '.join(labels.columns)}",
            hint=f"deliver {', '.join((*keys, target))}, and {LABELLED_AT} if a label may be corrected",
        )
    known = labels.filter(pl.col(target).is_not_null())
    counts = {"labels": labels.height, "missing": labels.height - known.height}
    joined, more = (_by_key if by_key else _by_id)(rows, known, keys, target)
    return Joined(joined, {**counts, **more})


def _by_id(
    rows: pl.DataFrame, labels: pl.DataFrame, keys: list[str], target: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    keys = [*keys, ROW]
    position = pl.col(ROW).cast(pl.Int64, strict=False) if ROW in labels.columns else pl.lit(0, pl.Int64).alias(ROW)
    moment = moments(labels)
    labels = labels.select(INFERENCE, position, target, moment).with_columns(pl.col(INFERENCE).cast(pl.String))
    newest, counts = agreed(labels, keys, target)
    found = rows.join(newest, on=keys, how="left", maintain_order="left")
    strangers = labels.select(keys).unique().join(rows.select(keys), on=keys, how="anti")
    return found, {**counts, "unmatched": strangers.height}


def agreed(said: pl.DataFrame, keys: list[str], value: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """What counts of several things that were said of one: the newest, if all that was said at that moment agrees.

    Args:
        said: columns of the key, `labelled_at` (null where it is not known) and the value.
        keys: columns that name what is spoken of.
        value: column of what is said.

    Returns:
        Key and value, each key once; and `repeated`, `corrected`, `contradictory` counts. Nothing depends on the order.
    """
    distinct = said.unique()
    newest = distinct.filter(pl.col(LABELLED_AT).eq_missing(pl.col(LABELLED_AT).max().over(keys)))
    sure = newest.filter(pl.col(value).n_unique().over(keys) == 1).unique(keys).select(*keys, value)
    return sure, {
        "repeated": said.height - distinct.height,
        "corrected": distinct.height - newest.height,
        "contradictory": distinct.select(keys).unique().height - sure.height,
    }


def _by_key(
    rows: pl.DataFrame, labels: pl.DataFrame, keys: list[str], target: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    last = rows.sort(TIME, maintain_order=True).unique(keys, keep="last", maintain_order=True)
    # The types of the checked rows hold; labels come as the table has them.
    labels = labels.select(*keys, target).with_columns(
        pl.col(name).cast(rows.schema[name], strict=False) for name in keys
    )
    matched = last.join(labels, on=keys, how="inner", nulls_equal=True, maintain_order="left")
    alone = last.join(labels, on=keys, how="anti", nulls_equal=True)
    empty = alone.with_columns(pl.lit(None, labels.schema[target]).alias(target))
    found = pl.concat([matched, empty.select(matched.columns)]).sort(TIME, *keys, maintain_order=True)
    unmatched = labels.height - matched.height
    return found, {"repeated": 0, "corrected": 0, "contradictory": 0, "unmatched": unmatched}


def moments(labels: pl.DataFrame) -> pl.Expr:
    """`labelled_at` in UTC, from a column of times or of texts; null where there is none or it cannot be read."""
    kind = labels.schema.get(LABELLED_AT)
    column = pl.col(LABELLED_AT)
    if kind == pl.String:
        column = pl.coalesce(
            column.str.to_datetime("%+", time_unit="us", strict=False),
            column.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        )
    elif not isinstance(kind, pl.Datetime):
        column = pl.lit(None, pl.Datetime("us", "UTC"))
    elif kind.time_zone is None:
        column = column.dt.replace_time_zone("UTC")
    return column.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")).alias(LABELLED_AT)


def labelled(rows: pl.DataFrame, target: str) -> pl.DataFrame:
    """The rows that have a label and a prediction."""
    return rows.filter(pl.col(target).is_not_null() & pl.col(PREDICTION).is_not_null())
