"""From what came in to judged windows: those that are over and new, and those to which something was added since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.feedback.reading import ACCEPTED
from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.judging.content import Contents
from govml_pipeline.monitoring.judging.judged import Judged
from govml_pipeline.monitoring.judging.watcher import Watcher
from govml_pipeline.monitoring.judging.windows import TIME, WINDOW
from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Arrived:
    """What came in, whatever way it came.

    Args:
        rows: rows with `time`, the contract's inputs and the prediction; `accepted` where people send feedback.
        raw: all rows, those too that break the contract: `time` and the inputs as text.
        lost: time of each event that could not be read.
        broken: lines that could not be read at all and have no time; they count to the newest window.
        counts: everything that was counted, for the findings.
        refused: lines of feedback that do not count: file, line and reason.
        told: the rows beside what turned out to be true: with the target, null in rows without a label; as often as a
            row has labels. None: the target is among `rows`, or there are no labels yet.
        taught: rows whose truth people told and no data source has, with the contract's columns: they can be learnt from.
    """

    rows: pl.DataFrame
    raw: pl.DataFrame
    lost: list[datetime] = field(default_factory=list)
    broken: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    refused: tuple[dict[str, Any], ...] = ()
    told: pl.DataFrame | None = None
    taught: pl.DataFrame | None = None


@dataclass(frozen=True)
class Watched:
    """Outcome.

    Args:
        judged: windows to decide about, in any group.
        details: what was found, by window and group, for the findings.
        counts: what was counted, rows left out because of their time among it.
    """

    judged: list[Judged]
    details: dict[str, dict[str, Any]]
    counts: dict[str, int]


def watch(
    arrived: Arrived, use_case: UseCase, baseline: Baseline, state: State, *, now: datetime, model: Model | None = None
) -> Watched:
    """Judge what is there to judge.

    Args:
        arrived: what came in.
        use_case: the use case, with its settings.
        baseline: of the model in service.
        state: of the run before.
        now: the monitor's own time, with zone; windows that it lies in or before are not over.
        model: the model in service, for attributions; None: they are left out.
    """
    settings = use_case.monitoring
    skew = timedelta(minutes=settings.clock_skew_minutes)
    timed = windows.assign(arrived.rows, settings.period, now=now, skew=skew)
    raw = windows.assign(arrived.raw, settings.period, now=now, skew=skew)
    lost = windows.assign(
        pl.DataFrame({TIME: arrived.lost}, schema={TIME: pl.Datetime("us", "UTC")}), settings.period, now=now, skew=skew
    )
    counts = {**arrived.counts, "ahead": sum(raw.ahead.values()), "undated": raw.undated}
    told = timed if arrived.told is None else windows.assign(arrived.told, settings.period, now=now, skew=skew)
    target = use_case.contract.target
    contents = Contents(timed.rows, raw.rows, lost.rows, raw.ahead, told.rows, target)
    watcher = Watcher(use_case, baseline, state, contents, model=model, now=now)
    counts["before_baseline"] = raw.rows.filter(pl.col(WINDOW) < watcher.begin).height
    watcher.feed(broken=arrived.broken)
    watcher.inputs()
    if target in told.rows.columns or ACCEPTED in timed.rows.columns:
        watcher.labels()
    return Watched(watcher.judged, watcher.details, counts)
