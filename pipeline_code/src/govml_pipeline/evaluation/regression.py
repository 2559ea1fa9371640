"""Regression metrics as functions of sums over rows.

Percentage errors leave out rows whose truth is zero, which have none; `zero_truths` says how many there are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import Statistics, finite, ratio

UNITS: Final = {
    "mae": "target unit",
    "rmse": "target unit",
    "mape": "percent",
    "mdape": "percent",
    "bias": "percent",
}
#: Spread of the truth, relative to its square, below which it counts as constant: rounding errors of the sums.
_CONSTANT: Final = 1e-12


def regression_metrics(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> dict[str, float | None]:
    """Metrics of one set of rows.

    Args:
        truth: observed values, shape (n,).
        predicted: predicted values, shape (n,).

    Returns:
        `n`; `mae`, `rmse` in the target's unit; `mape`, `mdape` (mean and median absolute percentage error) and `bias`
        (mean percentage error, positive when predictions are too high) in percent of the truth, None where every truth
        is zero; `r2` (None for a constant truth, one row included); `zero_truths`, rows without a percentage error.

    Raises:
        UserError: no rows, different shapes, or a value that is not finite.

    Examples:
        >>> regression_metrics(np.array([100.0, 200.0]), np.array([110.0, 190.0]))["mape"]
        7.5
    """
    return {
        "n": float(len(truth)),
        **regression_statistics(truth, predicted).values(),
        "mdape": median_percentage_error(truth, predicted),
        "zero_truths": float((truth == 0).sum()),
    }


def regression_statistics(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> Statistics:
    """Sums behind `mae`, `rmse`, `mape`, `bias` and `r2` of n rows; arguments and errors as `regression_metrics`."""
    check(truth, predicted)
    error = predicted - truth
    nonzero = truth != 0
    with np.errstate(over="ignore"):  # of a truth next to zero: the percentages are then not defined
        share = np.divide(error * 100, truth, out=np.zeros(len(truth)), where=nonzero)
    # Relative to one of the truths, as sums of squares of large numbers would lose their spread.
    moved = truth - truth[0]
    ones = np.ones(len(truth))
    columns = (ones, np.abs(error), error**2, nonzero, np.abs(share), share, moved, moved**2)
    return Statistics(np.column_stack(columns).astype(np.float64), _from_sums)


def _from_sums(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    count, absolute, square, nonzero, share, signed, moved, moved2 = np.moveaxis(sums, -1, 0)
    spread = moved2 - ratio(moved**2, count)
    spread = np.where(spread > _CONSTANT * moved2, spread, 0.0)
    return {
        "mae": ratio(absolute, count),
        "rmse": np.sqrt(ratio(square, count)),
        "mape": ratio(share, nonzero),
        "bias": ratio(signed, nonzero),
        "r2": 1 - ratio(square, spread),
    }


def median_percentage_error(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> float | None:
    """Median absolute percentage error of the rows whose truth is not zero; a median is no sum and gets no interval."""
    nonzero = truth != 0
    if not nonzero.any():
        return None
    return finite(np.median(np.abs(predicted[nonzero] / truth[nonzero] - 1)) * 100)


def check(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> None:
    """Refuse what cannot be measured.

    Raises:
        UserError: no rows, different shapes, or a value that is not finite.
    """
    if truth.shape != predicted.shape or truth.ndim != 1 or not len(truth):
        raise UserError(
            f"truth {truth.shape} and predictions {predicted.shape} must be of the same length, at least 1",
            hint="give the test months at least one row",
        )
    for what, values in (("truth", truth), ("prediction", predicted)):
        bad = ~np.isfinite(values)
        if bad.any():
            raise UserError(
                f"{int(bad.sum()):,} of {len(values):,} values of the {what} are not finite, "
                f"the first in row {int(bad.argmax())}",
                hint="a missing truth is for the data contract to refuse; a missing prediction is a defect of the model",
            )
