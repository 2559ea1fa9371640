"""A window as one group of signals sees it: what a decision is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from govml_pipeline.monitoring.judging.signals import Signal

Group = Literal["feed", "inputs", "labels"]
#: In the order in which a window's groups are judged: what a broken feed brought is not looked at any further.
GROUPS: Final[tuple[Group, ...]] = ("feed", "inputs", "labels")


@dataclass(frozen=True)
class Judged:
    """One window as one group of signals sees it.

    Args:
        window: name of the window, which is over.
        group: `feed` (data quality), `inputs` (drift of data, predictions, attributions) or `labels` (performance).
        signals: what was measured; none where the rows were too few.
        rows: rows that there were.
        enough: there were enough rows to judge by.
        again: it was judged before, and what belongs to it has changed since.
        content: fingerprint of what it was judged by, see `content`.
        figures: of labels, what the history keeps: coverage, metrics and what people said of the answers.
    """

    window: str
    group: Group
    signals: tuple[Signal, ...] = ()
    rows: int = 0
    enough: bool = True
    again: bool = False
    content: str = ""
    figures: dict[str, Any] | None = None
