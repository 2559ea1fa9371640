"""The three kinds of model tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from govml_pipeline.model_tests.base import Change, Checked, ModelTest, Predictor, numbers


@dataclass(frozen=True, kw_only=True)
class Invariance(ModelTest):
    """A change that must not matter.

    Args:
        change: rows in, changed rows of the same length out.
        tolerance: largest relative change of a number that counts as none; classes must be equal.
    """

    change: Change
    tolerance: float = 0.0

    def check(self, model: Predictor, rows: pl.DataFrame) -> Checked:
        """Compare the answers before and after the change."""
        before, after = model.predict(rows), model.predict(self.change(rows))
        if before["prediction"].dtype.is_numeric():
            old, new = numbers(before), numbers(after)
            violated = ~(np.abs(new - old) <= self.tolerance * np.abs(old))
        else:
            violated = (before["prediction"] != after["prediction"]).to_numpy()
        return Checked(rows, before, after, violated)


@dataclass(frozen=True, kw_only=True)
class Directional(ModelTest):
    """A change that must move the answer one way, for each row or on average.

    Args:
        change: rows in, changed rows of the same length out; rows that come back unchanged are left out.
        direction: where the answer has to go.
        of: `each` row, or their `average`.
        tolerance: relative change the wrong way that still counts as none.
    """

    change: Change
    direction: Literal["up", "down"]
    of: Literal["each", "average"] = "each"
    tolerance: float = 0.0

    def check(self, model: Predictor, rows: pl.DataFrame) -> Checked:
        """Compare the answers before and after the change."""
        changed = self.change(rows)
        names = rows.columns
        differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}__")) for name in names)
        moved = pl.concat([rows, changed.select(pl.col(names).name.suffix("__"))], how="horizontal").select(differs)
        rows, changed = rows.filter(moved.to_series()), changed.filter(moved.to_series())
        if rows.is_empty():
            return Checked(rows, rows, None, np.zeros(0, dtype=np.bool_))
        before, after = model.predict(rows), model.predict(changed)
        sign = 1 if self.direction == "up" else -1
        step = sign * (numbers(after) - numbers(before)) / np.maximum(np.abs(numbers(before)), 1e-9)
        violated = ~(step >= -self.tolerance)
        average = None if self.of == "each" else not step.mean() >= -self.tolerance
        return Checked(rows, before, after, violated, average)


@dataclass(frozen=True, kw_only=True)
class MinimumFunctionality(ModelTest):
    """A simple case that must come out right.

    Args:
        rows: test rows in, the rows of the case out.
        expect: rows of the case and the model's answers in; a series of booleans out, true where the answer will do.
    """

    rows: Change
    expect: Callable[[pl.DataFrame, pl.DataFrame], pl.Series]

    def check(self, model: Predictor, rows: pl.DataFrame) -> Checked:
        """Ask the model about the case."""
        case = self.rows(rows)
        if case.is_empty():
            return Checked(case, case, None, np.zeros(0, dtype=np.bool_))
        answers = model.predict(case)
        right = self.expect(case, answers).fill_null(value=False).to_numpy()
        return Checked(case, answers, None, ~right)
