"""Sketch of a column of numbers: exact while it has few distinct values, groups of neighbouring numbers beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.monitoring.sketches.ordered_keys import (
    check_groups,
    coarsened,
    count,
    excess_bits,
    keys_of,
    values_of,
)

#: Numbers below this are the same for every purpose: the group of zero is no wider.
_TINY: Final = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False)
class NumberSketch:
    """Counts of numbers.

    Args:
        capacity: at most so many groups are kept; with no more distinct values than that, each is a group of its own.
        missing: rows without a number.
        below: rows with minus infinity.
        above: rows with plus infinity.
        minimum: least finite number (None: there is none).
        maximum: greatest finite number.
        dropped: bits of precision that the groups leave out, 0 to 63; 0: the sketch is exact.
        keys: the groups in ascending order, shape (k,), see `ordered_keys`.
        counts: rows of each group, shape (k,).
    """

    capacity: int
    missing: int
    below: int
    above: int
    minimum: float | None
    maximum: float | None
    dropped: int
    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, values: NDArray[np.float64], *, capacity: int, dropped: int = 0) -> NumberSketch:
        """Sketch numbers.

        Args:
            values: shape (n,); NaN is missing.
            capacity: see the class.
            dropped: bits to leave out at least; those of the sketch that this one is to be merged into save time.
        """
        finite = np.isfinite(values)
        missing = below = above = 0
        if not finite.all():
            missing = int(np.isnan(values).sum())
            below, above = int((values == -np.inf).sum()), int((values == np.inf).sum())
            values = values[finite]
        keys, counts = count(keys_of(values) >> dropped)
        least, most = (float(values.min() + 0.0), float(values.max() + 0.0)) if len(values) else (None, None)
        return cls(capacity, missing, below, above, least, most, dropped, keys, counts)._fitted()

    @property
    def rows(self) -> int:
        """Rows, those without a number included."""
        return self.known + self.missing

    @property
    def known(self) -> int:
        """Rows with a number, infinities included."""
        return int(self.counts.sum()) + self.below + self.above

    @property
    def values(self) -> NDArray[np.float64]:
        """A number for each group, shape (k,): the number itself where the sketch is exact, the group's middle elsewhere."""
        lower = values_of(self.keys << self.dropped)
        if not self.dropped or self.minimum is None or self.maximum is None:
            return lower
        upper = values_of(((self.keys + 1) << self.dropped) - 1)
        # The outermost groups reach into the patterns that are no numbers; `fmax` and `fmin` pass those over.
        middle = np.fmax(lower, self.minimum) / 2 + np.fmin(upper, self.maximum) / 2
        return np.where(np.abs(middle) < _TINY, 0.0, middle)

    @property
    def rank_error(self) -> float:
        """Largest share of the rows in a group whose numbers differ: no rank or quantile is further off than this."""
        if not self.dropped or not self.known:
            return 0.0
        blurred = self.counts[self.values != 0]
        return float(blurred.max() / self.known) if len(blurred) else 0.0

    def merge(self, other: NumberSketch) -> NumberSketch:
        """Sketch of the rows of both; the order of merging makes no difference."""
        dropped = max(self.dropped, other.dropped)
        parts = [part.with_dropped(dropped) for part in (self, other)]
        keys = np.concatenate([part.keys for part in parts])
        order = np.argsort(keys, kind="stable")
        counts = np.concatenate([part.counts for part in parts])[order]
        keys, counts = coarsened(keys[order], counts, 0)
        lows = [part.minimum for part in parts if part.minimum is not None]
        highs = [part.maximum for part in parts if part.maximum is not None]
        return NumberSketch(
            min(self.capacity, other.capacity),
            self.missing + other.missing,
            self.below + other.below,
            self.above + other.above,
            min(lows, default=None),
            max(highs, default=None),
            dropped,
            keys,
            counts,
        )._fitted()

    def with_dropped(self, dropped: int) -> NumberSketch:
        """The same rows on a grid that leaves out so many bits, at least as many as this one."""
        if dropped == self.dropped:
            return self
        keys, counts = coarsened(self.keys, self.counts, dropped - self.dropped)
        ends = self.minimum, self.maximum
        return NumberSketch(self.capacity, self.missing, self.below, self.above, *ends, dropped, keys, counts)

    def _fitted(self) -> NumberSketch:
        return self.with_dropped(self.dropped + excess_bits(self.keys, self.capacity))

    def to_dict(self) -> dict[str, Any]:
        """What JSON holds; keys as differences from the one before, which are short."""
        return {
            "kind": "number",
            "capacity": self.capacity,
            "missing": self.missing,
            "below": self.below,
            "above": self.above,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "dropped": self.dropped,
            "keys": [int(self.keys[0]), *np.diff(self.keys.astype(object)).tolist()] if len(self.keys) else [],
            "counts": self.counts.tolist(),
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> NumberSketch:
        """Read what `to_dict` made.

        Raises:
            ValueError: the groups are not in order, or empty.
        """
        given = {name: value for name, value in raw.items() if name not in ("kind", "keys", "counts")}
        # Python's integers: differences may be larger than 64 bits hold.
        keys = np.array(np.cumsum(np.array(raw["keys"], dtype=object)), dtype=np.int64)
        counts = np.array(raw["counts"], dtype=np.int64)
        check_groups(keys, counts)
        return cls(**given, keys=keys, counts=counts)
