"""How groups are represented in the rows that the model learnt from: bias that is there before training.

Class imbalance CI = (n_other - n_group) / (n_other + n_group), from -1 (nobody else) over 0 (half) to 1 (hardly anybody),
and difference in proportions of labels DPL = share of events among the others minus that of the group, as SageMaker
Clarify defines them ("Pre-training bias metrics" in the SageMaker developer guide).
"""

from __future__ import annotations

from typing import Any

import polars as pl

MISSING = "(missing)"


def representation(
    train: pl.DataFrame, test: pl.DataFrame, column: str, *, event: pl.Expr | None, target: str
) -> dict[str, dict[str, Any]]:
    """The table of one column, by group, groups of the test rows and of the training rows alike.

    Args:
        train: rows that the model learnt from.
        test: test rows.
        column: column of the groups.
        event: expression that is true for the event; None: the target is a number, or there is none.
        target: column whose median is given where it is a number; empty: none is.
    """
    counts = {
        name: dict(
            rows.select(pl.col(column).cast(pl.String).fill_null(MISSING)).to_series().value_counts().iter_rows()
        )
        for name, rows in (("train", train), ("test", test))
    }
    labels = _labels(train, column, event=event, target=target)
    table = {}
    for group in sorted({*counts["train"], *counts["test"]}):
        mine = counts["train"].get(group, 0)
        entry = {
            "train_rows": mine,
            "train_share": mine / train.height if train.height else None,
            "test_rows": counts["test"].get(group, 0),
            "class_imbalance": (train.height - 2 * mine) / train.height if train.height else None,
        }
        if event is not None:
            events, rows = labels.get(group, (0, 0))
            others = sum(count for count, _ in labels.values()) - events, sum(n for _, n in labels.values()) - rows
            both = rows > 0 and others[1] > 0
            entry["difference_in_proportions_of_labels"] = others[0] / others[1] - events / rows if both else None
        elif target:
            entry["median_target"] = labels.get(group)
        table[group] = entry
    return table


def _labels(train: pl.DataFrame, column: str, *, event: pl.Expr | None, target: str) -> dict[str, Any]:
    key = pl.col(column).cast(pl.String).fill_null(MISSING).alias("__group")
    if event is not None:
        told = train.group_by(key).agg(event.sum().alias("events"), event.count().alias("rows"))
        return {group: (int(events), int(rows)) for group, events, rows in told.iter_rows()}
    if not target:
        return {}
    return dict(train.group_by(key).agg(pl.col(target).cast(pl.Float64).median()).iter_rows())
