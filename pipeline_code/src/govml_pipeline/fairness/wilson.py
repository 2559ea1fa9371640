"""Intervals of shares: Wilson's score interval, which stays within 0 and 1 for few rows and for shares near the ends.

Source: Wilson 1927, Journal of the American Statistical Association 22(158), 209-212; recommended over the textbook
interval by Brown, Cai and DasGupta 2001, Statistical Science 16(2), 101-133.
"""

from __future__ import annotations

import math

#: Quantile of the normal distribution for 95 %, both sides.
_Z = 1.959963984540054


def wilson(hits: int, rows: int) -> list[float] | None:
    """95 % interval of `hits / rows`; None without rows."""
    if rows == 0:
        return None
    share, square = hits / rows, _Z**2
    centre = (share + square / (2 * rows)) / (1 + square / rows)
    half = _Z / (1 + square / rows) * math.sqrt(share * (1 - share) / rows + square / (4 * rows**2))
    return [max(0.0, centre - half), min(1.0, centre + half)]
