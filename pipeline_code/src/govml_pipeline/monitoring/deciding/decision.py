"""The decision: from judged windows and the state before to a verdict, whether to retrain, and the state after.

A pure function. A window that the state has already seen changes nothing, unless what belongs to it has changed (labels
that came late): then it counts as it is now known to be. A second run over the same windows ends in the same state and
asks for nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

from govml_pipeline.monitoring.deciding.reading import broken, sustained, watched
from govml_pipeline.monitoring.deciding.state import Episode, Request, State
from govml_pipeline.monitoring.deciding.taking_in import taken_in
from govml_pipeline.monitoring.deciding.wording import reason
from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.judging.judged import GROUPS, Judged
from govml_pipeline.monitoring.judging.signals import Ruled, rule
from govml_pipeline.monitoring.settings import MonitoringSettings

Verdict = Literal["ok", "watch", "drifted", "broken-feed", "too-little-data"]


@dataclass(frozen=True)
class Decision:
    """What the monitor says.

    Args:
        verdict: see docs/drift.md.
        retrain: retraining is asked for, by this run and for the first time in this episode.
        page: somebody has to come, for a broken feed, and has not been called for it before.
        reason: one sentence.
        request: the episode's request, also when an earlier run made it.
        signals: signals of the windows judged in this run, the ones that count first.
        window: newest window that this or an earlier run has judged; empty: none.
        revised: windows that were judged again, since rows or labels of theirs came later.
    """

    verdict: Verdict
    retrain: bool
    page: bool
    reason: str
    request: Request | None
    signals: tuple[Ruled, ...]
    window: str
    revised: tuple[str, ...] = ()

    def as_json(self, model_version: str) -> dict[str, Any]:
        """The result file, which alarms and event rules act on."""
        return {
            "verdict": self.verdict,
            "retrain": self.retrain,
            "page": self.page,
            "reason": self.reason,
            "request_id": None if self.request is None else self.request.id,
            "model_version": model_version,
            "window": self.window,
            "revised": list(self.revised),
            "signals": [ruled.as_json() for ruled in self.signals],
        }


def decide(state: State, judged: list[Judged], settings: MonitoringSettings) -> tuple[State, Decision]:
    """Judge windows in the order of their time.

    Args:
        state: of the same model, from the run before.
        judged: windows that are over, in any order; those that the state has seen are passed over, but for `again`.
        settings: the use case's settings.

    Returns:
        The state after, and the decision.
    """
    ruled: list[Ruled] = []
    thin: list[Judged] = []
    revised: set[str] = set()
    for each in sorted(judged, key=lambda each: (each.window, GROUPS.index(each.group))):
        if each.window <= state.judged.get(each.group, ""):
            if not each.again:
                continue
            revised.add(each.window)
        elif not each.enough:
            thin.append(each)
        found = rule(each.signals, settings) if each.enough else []
        state = taken_in(state, each, found)
        ruled += found
    state = state.trimmed(settings)
    state, retrain, page = _acted(state, settings)
    verdict = _verdict(state, thin, settings)
    ruled.sort(key=lambda item: (not item.breached, item.signal.window, item.signal.key))
    decision = Decision(
        verdict,
        retrain,
        page,
        reason(state, verdict, retrain, thin, settings),
        state.episode.request if state.episode else None,
        tuple(ruled),
        max(state.judged.values(), default=""),
        tuple(sorted(revised)),
    )
    return state, decision


def _acted(state: State, settings: MonitoringSettings) -> tuple[State, bool, bool]:
    """Begin or end an episode, and ask: once an episode, not while the feed is broken, not within the cool-down."""
    deciding = {
        key: track
        for key, track in state.tracks.items()
        if key.partition(":")[0] in settings.deciding and sustained(track, settings)
    }
    if state.episode is None and deciding:
        newest = [track[-settings.sustained[1] :] for track in deciding.values()]
        since = min(next(seen.window for seen in track if seen.breached) for track in newest)
        state = replace(state, episode=Episode(since, tuple(sorted(deciding))))
    elif state.episode is not None and not deciding and _cleared(state, settings):
        state = replace(state, episode=None)
    down = broken(state)
    page = down and not state.paged
    state = replace(state, paged=down)
    if state.episode is None or state.episode.request is not None or down or not deciding:
        return state, False, page
    window = state.judged["labels"] if "labels" in state.judged else max(state.judged.values())
    if state.last_request is not None:
        ready = windows.after(state.last_request.window, settings.period, settings.cool_down + 1)
        if window < ready:
            return state, False, page
    text = f"{state.model_version}|{state.episode.since}"
    request = Request(window, hashlib.sha256(text.encode()).hexdigest())
    state = replace(state, episode=replace(state.episode, request=request), last_request=request)
    return state, True, page


def _cleared(state: State, settings: MonitoringSettings) -> bool:
    tracks = [state.tracks.get(key, ()) for key in (state.episode.signals if state.episode else ())]
    return all(not any(seen.breached for seen in track[-settings.clear_after :]) for track in tracks)


def _verdict(state: State, thin: list[Judged], settings: MonitoringSettings) -> Verdict:
    if broken(state):
        return "broken-feed"
    if state.episode is not None:
        return "drifted"
    if watched(state, settings):
        return "watch"
    if thin or not any(group in state.judged for group in ("inputs", "labels")):
        return "too-little-data"
    return "ok"
