"""How fast an error budget burns, and when somebody has to know: two windows for each speed.

The long window says that it matters, the short one that it still goes on, so that an alarm ends soon after its cause.
Source: Beyer et al., The Site Reliability Workbook (2018), chapter 5, table 5-8, for a promise over thirty days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["page", "ticket"]

#: Length of the promise, in hours.
PERIOD_HOURS: Final = 30 * 24


@dataclass(frozen=True)
class BurnRate:
    """One speed.

    Args:
        rate: how many times too fast the budget is used up.
        long_minutes: window that shows it matters.
        short_minutes: window that shows it goes on, a twelfth of the long one.
        severity: `page` (now) or `ticket` (today).
    """

    rate: float
    long_minutes: int
    short_minutes: int
    severity: Severity

    @property
    def budget_used(self) -> float:
        """Share of the thirty days' budget that is gone when the long window is full of it."""
        return self.rate * self.long_minutes / 60 / PERIOD_HOURS

    @property
    def name(self) -> str:
        """As in `burns14x`."""
        return f"burns{self.rate:g}x".replace(".", "_")


BURN_RATES: Final = (
    BurnRate(14.4, 60, 5, "page"),
    BurnRate(6, 360, 30, "page"),
    BurnRate(3, 1440, 120, "ticket"),
    BurnRate(1, 4320, 360, "ticket"),
)


def window(minutes: int) -> str:
    """Return a window as Prometheus writes it: `5m`, `1h`, `3d`."""
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
