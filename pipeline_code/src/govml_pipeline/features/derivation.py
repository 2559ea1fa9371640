"""What a use case computes from each checked row, and which quantity it remembers by which keys; on any engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw


@dataclass(frozen=True)
class Derivation:
    """Derived columns, and the monthly totals that histories are made of.

    Args:
        derive: adds the derived columns to a frame of any engine.
        month: derived column with the number of the month.
        keys: derived columns, each of which has a table of monthly totals.
        measure: the quantity that is summed: an expression over the derived frame, finite for every row that keeps
            the contract, and of additions, multiplications and divisions alone, which are the same on every engine to
            the last bit (logarithms are not).
        measure_name: what the quantity is, with its unit.
    """

    derive: Callable[[Any], Any]
    month: str
    keys: tuple[str, ...]
    measure: Callable[[], nw.Expr]
    measure_name: str
