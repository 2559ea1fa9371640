"""Months as the engine sees them, walked through by its own decision; real ones, and stable ones drawn anew.

A walk has a baseline of twelve months and the months that are watched. Both come from models at most twelve months old: the
baseline of the model frozen before year Y is year Y - 1 as the model frozen before that year predicted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.data import months
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.judging.judged import Judged
from govml_pipeline.monitoring.judging.performance import performance, performance_signals
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.settings import MonitoringSettings

TASK: Final = Task("regression", "resale_price", "month")
#: What is measured of one month.
Entry = dict[str, Any]


def entries(predicted: pl.DataFrame, first: str, last: str) -> dict[str, Entry]:
    """Metrics by month, from `first` to before `last`."""
    rows = predicted.filter((pl.col("month") >= first) & (pl.col("month") < last))
    return performance(rows.with_columns(pl.col("month").alias("window")), TASK, (), 1)


@dataclass(frozen=True)
class Walk:
    """Signals of the watched months, made once: settings decide what becomes of them."""

    signals: tuple[tuple[str, int, tuple[Signal, ...]], ...]

    @classmethod
    def through(cls, baseline: Sequence[Entry], watched: Sequence[tuple[str, Entry]]) -> Walk:
        """Measure each watched month against the baseline's."""
        usual = {str(place): entry for place, entry in enumerate(baseline)}
        found = [
            (month, entry["n"], performance_signals(month, entry, usual, "regression")) for month, entry in watched
        ]
        return cls(tuple(found))

    def alarms(self, settings: MonitoringSettings) -> list[str]:
        """Months with whose labels retraining is asked for, when the model stays as it is.

        Where nobody retrains, the engine says it once and stays `drifted`; here it is told after each alarm that all is
        well again, as if the cause had passed, so that a false alarm is not counted once for ever.
        """
        state, found = State("frozen"), []
        for month, rows, signals in self.signals:
            enough = rows >= settings.minimum_labels
            state, decision = decide(state, [Judged(month, "labels", signals, rows, enough)], settings)
            if decision.retrain:
                found.append(month)
                state = replace(state, episode=None, tracks={})
        return found


def resampled(
    pool: Sequence[Entry], *, years: int, block: int, rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """Positions in a pool of stable months: twelve of a baseline, and of so many watched years.

    The circular block bootstrap (Politis and Romano 1992, in Exploring the Limits of Bootstrap, 263-270): months keep their
    neighbours, so that what lasts for some months lasts here too.

    Args:
        pool: stable months in the order of time.
        years: watched years.
        block: months of a block.
        rng: gives the draws.
    """

    def draw(length: int) -> list[int]:
        starts = rng.integers(0, len(pool), -(-length // block))
        return [int((start + step) % len(pool)) for start in starts for step in range(block)][:length]

    return draw(12), draw(12 * years)


def names(number: int) -> list[str]:
    """So many months, one after the other: drawn months need names that follow each other."""
    return [months.text(12 * 2000 + place) for place in range(number)]
