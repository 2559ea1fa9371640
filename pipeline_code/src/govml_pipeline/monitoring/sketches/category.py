"""Sketch of a column of categories: counts by name while there are few, counts of groups of hashes beyond.

Groups of hashes are coarsened as those of numbers are, so the sketch does not depend on the order of the rows, and a
distance between two of them is never larger than that between the columns (grouping loses differences, it makes none).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.monitoring.sketches.ordered_keys import check_groups, coarsened, excess_bits

#: Longer names are kept as their beginning and a hash, so that no text of a column can fill the memory.
_LONGEST: Final = 200
_NONE: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class CategorySketch:
    """Counts of categories.

    Args:
        capacity: at most so many names or groups are kept.
        missing: rows without a category.
        names: rows by name; None: there were more than `capacity` names, and hashes are counted.
        dropped: bits of the 63-bit hashes that the groups leave out.
        keys: groups of hashes in ascending order, shape (k,).
        counts: rows of each group, shape (k,).
    """

    capacity: int
    missing: int
    names: Mapping[str, int] | None
    dropped: int = 0
    keys: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    counts: NDArray[np.int64] = field(default_factory=lambda: _NONE)

    @classmethod
    def of(cls, names: Mapping[str, int], *, missing: int, capacity: int) -> CategorySketch:
        """Sketch rows that are counted by name already."""
        kept: dict[str, int] = {}
        for name, rows in names.items():
            short = _short(name)
            kept[short] = kept.get(short, 0) + rows
        return cls(capacity, missing, kept)._fitted()

    @property
    def rows(self) -> int:
        """Rows, those without a category included."""
        return self.known + self.missing

    @property
    def known(self) -> int:
        """Rows with a category."""
        return int(self.counts.sum()) if self.names is None else sum(self.names.values())

    def merge(self, other: CategorySketch) -> CategorySketch:
        """Sketch of the rows of both; the order of merging makes no difference."""
        capacity, missing = min(self.capacity, other.capacity), self.missing + other.missing
        if self.names is not None and other.names is not None:
            names = dict(self.names)
            for name, rows in other.names.items():
                names[name] = names.get(name, 0) + rows
            return CategorySketch(capacity, missing, names)._fitted()
        dropped = max(self.dropped, other.dropped)
        parts = [part.hashed(dropped) for part in (self, other)]
        keys = np.concatenate([part.keys for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        return CategorySketch(capacity, missing, None, dropped, *_sorted(keys, counts))._fitted()

    def hashed(self, dropped: int) -> CategorySketch:
        """The same rows as groups of hashes that leave out so many bits, at least as many as this sketch."""
        keys, counts, more = self.keys, self.counts, dropped - self.dropped
        if self.names is not None:
            hashes = np.array([_hash(name) for name in self.names], dtype=np.int64)
            keys, counts = _sorted(hashes, np.array(list(self.names.values()), dtype=np.int64))
        return CategorySketch(self.capacity, self.missing, None, dropped, *coarsened(keys, counts, more))

    def _fitted(self) -> CategorySketch:
        found: CategorySketch = self
        if found.names is not None and len(found.names) > found.capacity:
            found = found.hashed(0)
        if found.names is None:
            found = found.hashed(found.dropped + excess_bits(found.keys, found.capacity))
        return found

    def to_dict(self) -> dict[str, Any]:
        """What JSON holds."""
        raw: dict[str, Any] = {"kind": "category", "capacity": self.capacity, "missing": self.missing}
        if self.names is not None:
            return raw | {"names": dict(sorted(self.names.items()))}
        return raw | {"dropped": self.dropped, "keys": self.keys.tolist(), "counts": self.counts.tolist()}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> CategorySketch:
        """Read what `to_dict` made.

        Raises:
            ValueError: the groups are not in order, or empty.
        """
        if "names" in raw:
            return cls(raw["capacity"], raw["missing"], raw["names"])
        keys, counts = (np.array(raw[name], dtype=np.int64) for name in ("keys", "counts"))
        check_groups(keys, counts)
        return cls(raw["capacity"], raw["missing"], None, raw["dropped"], keys, counts)


def _sorted(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(keys, kind="stable")
    return coarsened(keys[order], counts[order], 0)


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def _hash(name: str) -> int:
    """63 bits, the same everywhere: neither Python's nor Polars' own hashes are."""
    return int.from_bytes(_digest(name), "big") >> 1


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}... {_digest(name).hex()}"
