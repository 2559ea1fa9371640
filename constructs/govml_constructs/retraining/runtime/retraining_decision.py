"""Train again or not: a pure function of the request and of what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from retraining_request import RetrainingRequest

BUSY = frozenset({"Executing", "Stopping"})
Outcome = Literal["start", "ask a person", "page", "leave"]


@dataclass(frozen=True)
class Run:
    """One execution of a training pipeline: its display name, status and start."""

    name: str
    status: str
    started: datetime


@dataclass(frozen=True)
class Situation:
    """What is known when a request comes.

    Args:
        mode: `automatic`, `approval` (a person starts it) or `off`; a drift's requests alone depend on it.
        cool_down: how long after a run that a drift has started no drift starts another, whatever became of it.
        feed_broken: whether the data that comes in cannot be trusted now.
        runs: recent executions.
        now: the present, with a time zone.
    """

    mode: str
    cool_down: timedelta
    feed_broken: bool
    runs: Sequence[Run]
    now: datetime


@dataclass(frozen=True)
class Decision:
    """What to do, and why, in one sentence."""

    outcome: Outcome
    reason: str


def decide(request: RetrainingRequest, situation: Situation) -> Decision:
    """Decide about one request.

    A person's wish is only held up by a run that goes on. A broken feed stops everything else: a model would learn from
    what is wrong with the data. A drift starts one run and then waits out the cool-down, even if that run failed: the
    same data would fail again, and the failed run has its own alert.
    """
    busy = [run.name for run in situation.runs if run.status in BUSY]
    if busy:
        return Decision("leave", f"run {busy[0]} goes on")
    if request.why == "person":
        return Decision("start", f"{request.by} asks for it")
    if situation.feed_broken:
        return Decision("page", "the feed is broken: a model would learn from what is wrong with the data")
    if request.why == "schedule":
        return Decision("start", "it is time")
    return _decide_drift(situation)


def _decide_drift(situation: Situation) -> Decision:
    if situation.mode == "off":
        return Decision("leave", "retraining by drift is off")
    since = situation.now - situation.cool_down
    recent = [run for run in situation.runs if run.name.startswith("drift-") and run.started >= since]
    if recent:
        last = max(recent, key=lambda run: run.started)
        return Decision("leave", f"{last.name} was started for a drift less than {situation.cool_down.days} days ago")
    if situation.mode == "approval":
        return Decision("ask a person", "the agency lets a person decide on retraining")
    return Decision("start", "sustained drift")


def run_of(summary: dict[str, Any]) -> Run:
    """Return a run from ListPipelineExecutions' summary."""
    return Run(
        name=summary.get("PipelineExecutionDisplayName") or summary["PipelineExecutionArn"].rsplit("/", 1)[-1],
        status=summary["PipelineExecutionStatus"],
        started=summary["StartTime"],
    )
