"""What belongs to a window, as a short fingerprint: another one means that the window is to be judged again.

Fingerprints do not depend on the order or the files in which rows and labels came. They cover when was answered, what was
said and what turned out to be true; two answers of one microsecond that say the same are the same to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from govml_pipeline.model.predictions import PREDICTION
from govml_pipeline.monitoring.feedback.reading import ACCEPTED
from govml_pipeline.monitoring.judging.judged import Group
from govml_pipeline.monitoring.judging.windows import TIME, WINDOW

_LENGTH = 16


@dataclass(frozen=True)
class Contents:
    """Everything that came in, by window.

    Args:
        rows: answered rows with `window`, and `accepted` where people send feedback.
        raw: all rows, those too that break the contract, with `window`.
        lost: events that could not be read, with `window`.
        ahead: rows from the future by the window that they came in.
        told: the rows beside their labels, with `window`; the target is absent where there are no labels yet.
        target: name of the target; empty: there is none.
    """

    rows: pl.DataFrame
    raw: pl.DataFrame
    lost: pl.DataFrame
    ahead: Mapping[str, int]
    told: pl.DataFrame
    target: str

    def fingerprint(self, window: str, group: Group) -> str:
        """Fingerprint of what a group is judged by, its number of events first; each group's covers those before it."""
        mine = pl.col(WINDOW) == window
        digest = hashlib.sha256()
        raw = self.raw.filter(mine)
        counts = self.lost.filter(mine).height, self.ahead.get(window, 0)
        digest.update(f"{counts}\n".encode() + _text(raw, [TIME]))
        if group != "feed":
            part = self.rows.filter(mine)
            digest.update(_text(part, [TIME, PREDICTION]))
        if group == "labels":
            for frame, name in ((self.told, self.target), (self.rows, ACCEPTED)):
                if name in frame.columns:
                    known = frame.filter(mine & pl.col(name).is_not_null())
                    digest.update(f"{name}\n".encode() + _text(known, [TIME, PREDICTION, name]))
        return f"{raw.height + sum(counts)}-{digest.hexdigest()[:_LENGTH]}"


def added(before: str, now: str) -> bool:
    """Whether something has come to a window since: another fingerprint, and no fewer events.

    What is captured is deleted after its time. A window whose events are gone stays as it was judged.
    """
    return now != before and int(now.partition("-")[0]) >= int(before.partition("-")[0])


def _text(rows: pl.DataFrame, names: list[str]) -> bytes:
    return rows.select(names).sort(names).write_csv(include_header=False).encode()
