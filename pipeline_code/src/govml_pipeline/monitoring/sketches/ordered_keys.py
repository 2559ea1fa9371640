"""Numbers as whole numbers of the same order, and counts of those, coarsened until they are few enough.

A float64's bit pattern, with the sign folded in, is a 64-bit integer that sorts as the number does (IEEE 754-2008, 5.10).
Dropping its last s bits groups neighbouring numbers: each group spans 2^(s-52) of its own size. Groups of s + 1 dropped
bits are unions of groups of s, so counts of a coarse grid follow from those of a finer one, and "the fewest dropped bits
that leave at most c groups" depends on the set of numbers alone, not on the order in which they came.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_ALL_BUT_SIGN: Final = np.int64(2**63 - 1)
#: A table over all keys is quicker than sorting them as long as it has at most so many entries for each key.
_TABLE: Final = 4
_SMALL_TABLE: Final = 2**16


def keys_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Keys of finite numbers, shape (n,); the two zeros have the same."""
    bits = (values + 0.0).view(np.int64)
    return bits ^ ((bits >> 63) & _ALL_BUT_SIGN)


def values_of(keys: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers of keys, shape (n,): the inverse of `keys_of`."""
    return (keys ^ ((keys >> 63) & _ALL_BUT_SIGN)).view(np.float64)


def count(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct keys in ascending order and how often each occurs, shape (k,) both."""
    if not len(keys):
        return keys, keys.copy()
    least = keys.min()
    # Unsigned, because two keys may lie further apart than a signed integer reaches.
    offsets = keys.view(np.uint64) - least.view(np.uint64)
    every = int(np.bitwise_or.reduce(offsets))
    # Whole numbers and the like leave the last bits of all keys alike: without those a table is small.
    alike = max((every & -every).bit_length() - 1, 0)
    offsets >>= np.uint64(alike)
    if int(offsets.max()) < max(_TABLE * len(keys), _SMALL_TABLE):
        table = np.bincount(offsets.view(np.int64))
        found = np.flatnonzero(table)
        counts = table[found].astype(np.int64)
    else:
        distinct, counts = np.unique(offsets, return_counts=True)
        found, counts = distinct.view(np.int64), counts.astype(np.int64)
    return (found << alike) + least, counts


def coarsened(
    keys: NDArray[np.int64], counts: NDArray[np.int64], bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts after so many more bits of the keys are dropped; keys ascending, with repetitions."""
    if not len(keys):
        return keys, counts
    coarse = keys >> bits
    first = np.flatnonzero(np.concatenate(([True], coarse[1:] != coarse[:-1])))
    return coarse[first], np.add.reduceat(counts, first)


def excess_bits(keys: NDArray[np.int64], capacity: int) -> int:
    """The fewest bits to drop that leave at most `capacity` groups; keys ascending and distinct."""
    if len(keys) <= capacity:
        return 0
    differing = (keys[1:] ^ keys[:-1]).view(np.uint64)
    low, high = 1, 63  # with 63 bits dropped there is one group of either sign
    while low < high:
        bits = (low + high) // 2
        if np.count_nonzero(differing >> np.uint64(bits)) + 1 <= capacity:
            high = bits
        else:
            low = bits + 1
    return low


def check_groups(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
    """Raise ValueError unless the keys ascend and each has rows: what a file says need not be what was written."""
    if len(keys) != len(counts) or (counts <= 0).any() or (keys[1:] <= keys[:-1]).any():
        raise ValueError("groups that are not in order, or empty")
