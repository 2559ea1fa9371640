"""Samples of a metric and their statistics, as CloudWatch's user guide defines them under "Statistics definitions"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from govml.errors import UserError

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_RANK = re.compile(r"PR\((\d*\.?\d*):(\d*\.?\d*)\)")


@dataclass(frozen=True)
class Sample:
    """What was published at once: a value, or a set of `count` values of which only these are known.

    Args:
        time: Unix time in seconds.
        count: number of values.
        total: their sum.
        low: the least.
        high: the greatest.
    """

    time: float
    count: float
    total: float
    low: float
    high: float

    @classmethod
    def of(cls, time: float, value: float) -> Sample:
        """Return the sample of one value."""
        return cls(time, 1, value, value, value)


def statistic(name: str, samples: Sequence[Sample]) -> float | None:
    """Return a statistic of the samples of one period; None where there is none.

    Args:
        name: `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, a percentile (`p99`) or a percentile rank
            (`PR(:100)`, percent of the values up to 100).
        samples: those of the period.

    Raises:
        UserError: the statistic is none of these.
    """
    judge = _judge(name)
    return judge([each for each in samples if each.count > 0]) if samples else None


def _judge(name: str) -> Callable[[Sequence[Sample]], float | None]:
    plain: dict[str, Callable[[Sequence[Sample]], float]] = {
        "Sum": lambda found: sum(each.total for each in found),
        "SampleCount": lambda found: sum(each.count for each in found),
        "Average": lambda found: sum(each.total for each in found) / sum(each.count for each in found),
        "Minimum": lambda found: min(each.low for each in found),
        "Maximum": lambda found: max(each.high for each in found),
    }
    if name in plain:
        return plain[name]
    if percentile := _PERCENTILE.fullmatch(name):
        share = float(percentile[1]) / 100
        return lambda found: _percentile(share, found)
    if rank := _RANK.fullmatch(name):
        low, high = (float(each) if each else None for each in rank.groups())
        return lambda found: _rank(low, high, found)
    raise UserError(f"the statistic {name} of an alarm cannot be judged here", hint="use one that this module knows")


def _known(samples: Sequence[Sample]) -> bool:
    """Whether the single values are known: a set of values says nothing of their order."""
    return all(each.low == each.high for each in samples)


def _percentile(share: float, samples: Sequence[Sample]) -> float | None:
    """Interpolate between the two nearest values, as NumPy does by default."""
    if not _known(samples):
        return None
    ordered = sorted((each.low, each.count) for each in samples)
    place = share * (sum(count for _, count in ordered) - 1)

    def at(index: float) -> float:
        seen = 0.0
        for value, count in ordered:
            seen += count
            if index < seen:
                return value
        return ordered[-1][0]

    low = at(int(place))
    return low + (place - int(place)) * (at(int(place) + 1) - low)


def _rank(low: float | None, high: float | None, samples: Sequence[Sample]) -> float | None:
    """Percent of the values above `low`, up to and with `high`."""
    if not _known(samples):
        return None
    inside = [each for each in samples if (low is None or each.low > low) and (high is None or each.low <= high)]
    return 100 * sum(each.count for each in inside) / sum(each.count for each in samples)
