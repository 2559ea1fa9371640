"""Data quality of a window: is what comes in whole, and what the contract promises? If not, the feed is broken.

A broken feed is mended, not learnt from: it blocks retraining and calls somebody (`decision.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.monitoring.measures.quality import Quality


@dataclass(frozen=True)
class Feed:
    """What came in for one window.

    Args:
        quality: of the rows that were answered, those too that break the contract.
        lost: events whose bodies could not be read.
        ahead: rows whose time lies in the future.
        expected: there has been a window with rows before this one, so there should be some.
    """

    quality: Quality
    lost: int = 0
    ahead: int = 0
    expected: bool = True


def feed_signals(window: str, feed: Feed, missing: dict[str, list[float]], *, minimum_rows: int) -> tuple[Signal, ...]:
    """Data quality of a window: shares of rows, 0 to 1.

    Args:
        window: name of the window.
        feed: what came in.
        missing: share of missing values by input, one for each window of the baseline.
        minimum_rows: rows below which shares say nothing; that nothing came at all always counts.

    Returns:
        `no rows`, `unreadable`, `contract`, `clock`, and `missing <column>` for each input.
    """
    count, refused = feed.quality.rows, feed.quality.refused
    total = count + feed.lost + feed.ahead
    if total == 0:
        return (Signal("data_quality", "no rows", window, 1.0, says="no rows at all"),) if feed.expected else ()
    shares = {"unreadable": feed.lost, "contract": refused, "clock": feed.ahead}
    what = {"unreadable": "cannot be read", "contract": "break the data contract", "clock": "lie in the future"}
    found = [Signal("data_quality", "no rows", window, 0.0, rows=total, says=f"{total:,} rows")]
    if total < minimum_rows:
        return tuple(found)
    for name, number in shares.items():
        says = f"{number:,} of {total:,} rows {what[name]}"
        found.append(Signal("data_quality", name, window, number / total, rows=total, says=says))
    for name, usual in missing.items():
        if name not in feed.quality.missing or not count:
            continue
        share = feed.quality.missing[name]
        mean = float(np.mean(usual)) if usual else 0.0
        error = math.sqrt(share * (1 - share) / count)
        says = f"{name} missing in {share:.1%} of the rows, {mean:.1%} before"
        p_value = unusual(share, usual, error=error)
        found.append(
            Signal("data_quality", f"missing {name}", window, max(0.0, share - mean), p_value, count, says=says)
        )
    return tuple(found)
