"""Two sketches of one feature on one grid, and the bins that the baseline's rows make on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.monitoring.sketches.category import CategorySketch
from govml_pipeline.monitoring.sketches.number import NumberSketch

Counts = NDArray[np.int64]
REST: Final = "(rest)"
#: Cochran 1954, Biometrics 10(4), 417-451: the chi-square approximation needs about so many expected rows in a cell.
_EXPECTED: Final = 5.0


@dataclass(frozen=True, eq=False)
class Aligned:
    """Rows of both sides by cell.

    Args:
        labels: names of the cells, or their numbers in ascending order; infinities are the outermost.
        baseline: rows of each cell, shape (k,).
        current: rows of each cell, shape (k,).
    """

    labels: NDArray[np.float64] | list[str]
    baseline: Counts
    current: Counts


def align_numbers(baseline: NumberSketch, current: NumberSketch) -> Aligned:
    """Counts on the coarser of both grids; what is counted on it is exact, whatever the sketches left out."""
    dropped = max(baseline.dropped, current.dropped)
    parts = [sketch.with_dropped(dropped) for sketch in (baseline, current)]
    keys = np.union1d(parts[0].keys, parts[1].keys)
    counts = np.zeros((2, len(keys) + 2), dtype=np.int64)
    for row, part in zip(counts, parts, strict=True):
        row[1 + np.searchsorted(keys, part.keys)] = part.counts
        row[[0, -1]] = part.below, part.above
    lows = [part.minimum for part in parts if part.minimum is not None]
    highs = [part.maximum for part in parts if part.maximum is not None]
    cells = NumberSketch(
        len(keys), 0, 0, 0, min(lows, default=None), max(highs, default=None), dropped, keys, counts[0, 1:-1]
    )
    values = np.concatenate(([-np.inf], cells.values, [np.inf]))
    held = counts.sum(axis=0) > 0
    return Aligned(values[held], counts[0, held], counts[1, held])


def align_categories(baseline: CategorySketch, current: CategorySketch) -> Aligned:
    """Counts by name, in the order of the names; by group of hashes if either side has too many names to keep."""
    if baseline.names is not None and current.names is not None:
        known = baseline.names, current.names
        names = sorted({*known[0], *known[1]})
        sides = [np.array([side.get(name, 0) for name in names], dtype=np.int64) for side in known]
        return Aligned(names, sides[0], sides[1])
    dropped = max(baseline.dropped, current.dropped)
    parts = [sketch.hashed(dropped) for sketch in (baseline, current)]
    keys = np.union1d(parts[0].keys, parts[1].keys)
    counts = np.zeros((2, len(keys)), dtype=np.int64)
    for row, part in zip(counts, parts, strict=True):
        row[np.searchsorted(keys, part.keys)] = part.counts
    return Aligned([f"(hash group {key:x})" for key in keys.tolist()], counts[0], counts[1])


def binned(cells: Aligned, bins: int) -> Aligned:
    """Bins between the baseline's quantiles, as is usual for the PSI; the outer ones are open.

    A cell that holds a whole bin's share of the baseline by itself is a bin of its own. Otherwise a feature that is mostly
    one value, as many are, would have that value in one bin with everything below it.

    Args:
        cells: cells in ascending order, with rows on the baseline's side.
        bins: how many bins.
    """
    reached = np.cumsum(cells.baseline)
    ends = np.searchsorted(reached, reached[-1] * np.arange(1, bins) / bins)
    heavy = np.flatnonzero(cells.baseline * bins >= reached[-1])
    starts = np.unique(np.concatenate(([0], ends + 1, heavy, heavy + 1)))
    starts = starts[starts < len(reached)]
    ends = np.append(starts[1:], len(reached)) - 1
    values = np.asarray(cells.labels)
    labels = [_span(values[start], values[end]) for start, end in zip(starts, ends, strict=True)]
    return Aligned(labels, np.add.reduceat(cells.baseline, starts), np.add.reduceat(cells.current, starts))


def pooled(cells: Aligned) -> Aligned:
    """Categories of which either side would be expected to hold under five rows put together as `(rest)`."""
    both = cells.baseline + cells.current
    smaller = min(cells.baseline.sum(), cells.current.sum())
    rare = both * (smaller / max(both.sum(), 1)) < _EXPECTED
    if rare.sum() < 2:
        return cells
    labels = [label for label, few in zip(cells.labels, rare, strict=True) if not few]
    sides = [np.append(side[~rare], side[rare].sum()) for side in (cells.baseline, cells.current)]
    return Aligned([*labels, REST], sides[0], sides[1])


def _span(low: float, high: float) -> str:
    return f"{low:.6g}" if low == high else f"{low:.6g} to {high:.6g}"
