"""The band of usual values. CloudWatch does not publish its model; here it is mean and spread of the same hour of the week.

Like CloudWatch's, it learns from two weeks at most and knows nothing before the first three hours; where the hour of the week
has not been seen twice, all hours count together.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping

LEARNS_SECONDS = 14 * 86_400
_LEAST_SECONDS = 3 * 3600
_HOURS = 7 * 24


def usual(history: Mapping[float, float], at: float, width: float) -> tuple[float, float] | None:
    """Return the lower and the upper edge of the band; None while nothing is known.

    Args:
        history: end of a period as Unix time -> value, of the periods before the ones that are judged.
        at: end of the period that is judged.
        width: to each side, in standard deviations.
    """
    if not history or max(history) - min(history) < _LEAST_SECONDS:
        return None
    hour = int(at // 3600) % _HOURS
    alike = [value for time, value in history.items() if int(time // 3600) % _HOURS == hour]
    values = alike if len(alike) > 1 else list(history.values())
    middle, spread = statistics.fmean(values), statistics.pstdev(values)
    return middle - width * spread, middle + width * spread
