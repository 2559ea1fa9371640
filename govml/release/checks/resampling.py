"""Bootstrap intervals on the standard library: the same rows and seed give the same interval.

Percentile intervals of means over rows drawn with replacement (Efron and Tibshirani, An Introduction to the Bootstrap,
chapter 13).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

DRAWS: Final = 2000
_SEED: Final = 20261128
T = TypeVar("T")


@dataclass(frozen=True)
class Interval:
    """A 95 % interval.

    Args:
        lower: its lower end.
        upper: its upper end.
    """

    lower: float
    upper: float


def interval(rows: Sequence[T], statistic: Callable[[Sequence[T]], float], *, draws: int = DRAWS) -> Interval:
    """Return the interval of a statistic.

    Args:
        rows: what is drawn from, at least one.
        statistic: of any such sample.
        draws: how many samples are drawn.

    Raises:
        ValueError: there is no row.
    """
    if not rows:
        raise ValueError("an interval needs rows")
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    values = sorted(statistic(draw.choices(rows, k=len(rows))) for _ in range(draws))
    return Interval(_quantile(values, 0.025), _quantile(values, 0.975))


def mean(values: Sequence[float]) -> float:
    """Return the mean of at least one value."""
    return sum(values) / len(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of at least one value, interpolated between the two beside it."""
    return _quantile(sorted(values), share)


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
