"""Rates of a yes-or-no decision by group, and how far they lie apart.

Definitions as in fairlearn: demographic parity compares how often the event is predicted; equal opportunity the true
positive rates; equalized odds the larger gap of true and false positive rates (Hardt, Price and Srebro 2016, NeurIPS);
predictive parity the precisions (Chouldechova 2017, Big Data 5(2)). They cannot all hold at once where base rates differ.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.fairness.wilson import wilson

#: Rate: what is counted, among what.
RATES: Final = (
    "selection_rate",
    "base_rate",
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "precision",
)


def group_rates(truth: NDArray[np.bool_] | None, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """Rates of one group, with Wilson intervals.

    Args:
        truth: whether each row is the event, shape (n,); None: nobody knows, only the selection rate is given.
        chosen: whether it is predicted as one, shape (n,).

    Returns:
        Each rate (None where it has no rows), and `intervals`.
    """
    counted: dict[str, tuple[int, int]] = {"selection_rate": (int(chosen.sum()), len(chosen))}
    if truth is not None:
        events, others = int(truth.sum()), int((~truth).sum())
        hit, false_alarm = int((truth & chosen).sum()), int((~truth & chosen).sum())
        counted |= {
            "base_rate": (events, len(truth)),
            "true_positive_rate": (hit, events),
            "false_positive_rate": (false_alarm, others),
            "false_negative_rate": (events - hit, events),
            "precision": (hit, hit + false_alarm),
        }
    return {
        **{name: hits / rows if rows else None for name, (hits, rows) in counted.items()},
        "intervals": {name: wilson(hits, rows) for name, (hits, rows) in counted.items() if rows},
    }


def parity(groups: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """Gaps between groups (largest minus smallest rate) and the ratio of the selection rates (smallest over largest).

    Args:
        groups: `group_rates` of each group that has enough rows.

    Returns:
        None for a measure that fewer than two groups have.
    """
    gaps = {name: _gap(groups, name) for name in RATES}
    odds = [gap for gap in (gaps["true_positive_rate"], gaps["false_positive_rate"]) if gap is not None]
    selected = _found(groups, "selection_rate")
    return {
        "demographic_parity_difference": gaps["selection_rate"],
        "demographic_parity_ratio": (
            None if len(selected) < 2 else min(selected) / max(selected) if max(selected) > 0 else 1.0
        ),
        "equal_opportunity_difference": gaps["true_positive_rate"],
        "equalized_odds_difference": max(odds) if len(odds) == 2 else None,
        "predictive_parity_difference": gaps["precision"],
        "false_positive_rate_gap": gaps["false_positive_rate"],
        "false_negative_rate_gap": gaps["false_negative_rate"],
    }


def _gap(groups: dict[str, dict[str, Any]], name: str) -> float | None:
    values = _found(groups, name)
    return max(values) - min(values) if len(values) > 1 else None


def _found(groups: dict[str, dict[str, Any]], name: str) -> list[float]:
    return [rates[name] for rates in groups.values() if rates.get(name) is not None]
