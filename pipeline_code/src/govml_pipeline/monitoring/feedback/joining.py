"""Feedback joined to what was answered, whatever order it comes in; the rules are those of labels.

| what comes | what happens |
|---|---|
| the same line twice, or a file twice | once |
| a later verdict on the same answer | the latest counts |
| two verdicts of one moment that differ | neither counts |
| a verdict on what was never answered, or not by this model | counted as `unmatched`; nothing else |
| a true value where the data source has one, too | the data source's counts |
"""

from __future__ import annotations

from typing import Final

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.monitoring.feedback.reading import ACCEPTED, Feedback
from govml_pipeline.monitoring.intake.capture import INFERENCE, ROW
from govml_pipeline.monitoring.intake.labels import agreed, join_labels

KEYS: Final = [INFERENCE, ROW]


def join_verdicts(rows: pl.DataFrame, feedback: Feedback) -> tuple[pl.DataFrame, dict[str, int]]:
    """Join verdicts to answered rows.

    Args:
        rows: rows with their predictions, shape (n, columns).
        feedback: what people said.

    Returns:
        The rows with `accepted` (null: nobody said anything, or nobody knows), and `feedback_*` counts; without any
        verdict the rows as they are.
    """
    counts = {
        **feedback.counts,
        "feedback_verdicts": feedback.verdicts.height,
        "feedback_values": feedback.values.height,
    }
    if feedback.verdicts.is_empty():
        return rows, counts
    newest, told = agreed(feedback.verdicts, KEYS, ACCEPTED)
    told["unmatched"] = newest.join(rows.select(KEYS), on=KEYS, how="anti").height
    joined = rows.join(newest, on=KEYS, how="left", maintain_order="left")
    return joined, counts | {f"feedback_{name}": count for name, count in told.items()}


def fill_values(told: pl.DataFrame, feedback: Feedback, contract: Contract) -> tuple[pl.DataFrame, dict[str, int]]:
    """Fill true values in where the data source has none.

    Args:
        told: rows beside their labels; the target may be absent.
        feedback: what people said.
        contract: names the target.
    """
    target = contract.target
    if feedback.values.is_empty() or not target:
        return told, {}
    joined = join_labels(told.drop(target, strict=False), feedback.values, contract, by_key=False)
    said = joined.rows[target]
    label = pl.coalesce(target, said).alias(target) if target in told.columns else said
    return told.with_columns(label), {f"feedback_values_{name}": count for name, count in joined.counts.items()}
