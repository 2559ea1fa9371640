"""The decision: from judged windows and the state before to a verdict, whether to retrain, and the state after.

A pure function. A window is judged once: one that the state has already seen changes nothing, so a second run over the
same windows ends in the same state and asks for nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from govml_pipeline.monitoring import windows
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.monitoring.signals import Ruled, Signal, rule
from govml_pipeline.monitoring.state import BROKEN_KEPT, Episode, Request, Seen, State

Verdict = Literal["ok", "watch", "drifted", "broken-feed", "too-little-data"]
Group = Literal["feed", "inputs", "labels"]
#: In the order in which a window's groups are judged: what a broken feed brought is not looked at any further.
GROUPS: Final[tuple[Group, ...]] = ("feed", "inputs", "labels")
_NAMES: Final = {
    "data_quality": "data quality",
    "data_drift": "data drift",
    "prediction_drift": "prediction drift",
    "target_drift": "target drift",
    "concept_drift": "concept drift",
    "bias_drift": "bias drift",
    "attribution_drift": "attribution drift",
}


@dataclass(frozen=True)
class Judged:
    """One window as one group of signals sees it.

    Args:
        window: name of the window, which is over.
        group: `feed` (data quality), `inputs` (drift of data, predictions, attributions) or `labels` (performance).
        signals: what was measured; none where the rows were too few.
        rows: rows that there were.
        enough: there were enough rows to judge by.
    """

    window: str
    group: Group
    signals: tuple[Signal, ...] = ()
    rows: int = 0
    enough: bool = True


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
    """

    verdict: Verdict
    retrain: bool
    page: bool
    reason: str
    request: Request | None
    signals: tuple[Ruled, ...]
    window: str

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
            "signals": [ruled.as_json() for ruled in self.signals],
        }


def decide(state: State, judged: list[Judged], settings: MonitoringSettings) -> tuple[State, Decision]:
    """Judge windows in the order of their time.

    Args:
        state: of the same model, from the run before.
        judged: windows that are over, in any order; those that the state has seen are passed over.
        settings: the use case's settings.

    Returns:
        The state after, and the decision.
    """
    ruled: list[Ruled] = []
    thin: list[Judged] = []
    order = sorted(judged, key=lambda each: (each.window, GROUPS.index(each.group)))
    for each in order:
        if each.window <= state.judged.get(each.group, ""):
            continue
        if not each.enough:
            thin.append(each)
            # What is too little now stays too little: a window is over, and labels are given up at their deadline.
            state = replace(state, judged={**state.judged, each.group: each.window})
            continue
        found = rule(each.signals, settings)
        state = _taken_in(state, each, found, settings)
        ruled += found
    state, retrain, page = _acted(state, settings)
    verdict = _verdict(state, thin, settings)
    ruled.sort(key=lambda item: (not item.breached, item.signal.window, item.signal.key))
    decision = Decision(
        verdict,
        retrain,
        page,
        _reason(state, verdict, retrain, thin, settings),
        state.episode.request if state.episode else None,
        tuple(ruled),
        max(state.judged.values(), default=""),
    )
    return state, decision


def _taken_in(state: State, each: Judged, ruled: list[Ruled], settings: MonitoringSettings) -> State:
    state = replace(state, judged={**state.judged, each.group: each.window})
    if each.group == "feed":
        broken = any(item.breached for item in ruled)
        kept = (*state.broken, each.window)[-BROKEN_KEPT:] if broken else state.broken
        fed = each.window if each.rows else state.fed
        tracks = {**state.tracks, **_tracks(state, ruled, settings)}
        return replace(state, broken=kept, fed=fed, paged=state.paged and broken, tracks=tracks)
    if each.window in state.broken:
        return state
    return replace(state, tracks={**state.tracks, **_tracks(state, ruled, settings)})


def _tracks(state: State, ruled: list[Ruled], settings: MonitoringSettings) -> dict[str, tuple[Seen, ...]]:
    length = max(settings.sustained[1], settings.clear_after)
    found = {}
    for item in ruled:
        signal = item.signal
        seen = Seen(signal.window, signal.value, signal.p_value, item.breached, signal.direction)
        found[signal.key] = (*state.tracks.get(signal.key, ()), seen)[-length:]
    return found


def sustained(track: tuple[Seen, ...], settings: MonitoringSettings) -> bool:
    """Whether m of the last n judged windows show the signal, all in one direction."""
    m, n = settings.sustained
    counted = [seen.direction for seen in track[-n:] if seen.breached]
    return any(sum(each == direction for each in counted) >= m for direction in set(counted))


def _acted(state: State, settings: MonitoringSettings) -> tuple[State, bool, bool]:
    """Begin or end an episode, and ask: once an episode, not while the feed is broken, not within the cool-down."""
    deciding = {
        key: track
        for key, track in state.tracks.items()
        if key.partition(":")[0] in settings.deciding and sustained(track, settings)
    }
    if state.episode is None and deciding:
        since = min(next(seen.window for seen in track if seen.breached) for track in deciding.values())
        state = replace(state, episode=Episode(since, tuple(sorted(deciding))))
    elif state.episode is not None and not deciding and _cleared(state, settings):
        state = replace(state, episode=None)
    broken = _broken(state)
    page = broken and not state.paged
    state = replace(state, paged=broken)
    if state.episode is None or state.episode.request is not None or broken or not deciding:
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


def _broken(state: State) -> bool:
    return bool(state.broken) and state.judged.get("feed") == state.broken[-1]


def _verdict(state: State, thin: list[Judged], settings: MonitoringSettings) -> Verdict:
    if _broken(state):
        return "broken-feed"
    if state.episode is not None:
        return "drifted"
    if _watched(state, settings):
        return "watch"
    if thin or not any(group in state.judged for group in ("inputs", "labels")):
        return "too-little-data"
    return "ok"


def _watched(state: State, settings: MonitoringSettings) -> dict[str, int]:
    """Signals that counted in the newest n windows, with how often."""
    counted = {
        key: sum(seen.breached for seen in track[-settings.sustained[1] :]) for key, track in state.tracks.items()
    }
    return {key: times for key, times in counted.items() if times and not key.startswith("data_quality:")}


def _reason(state: State, verdict: Verdict, retrain: bool, thin: list[Judged], settings: MonitoringSettings) -> str:
    n = settings.sustained[1]
    if verdict == "broken-feed":
        last = [key.partition(":")[2] for key, track in state.tracks.items() if _newest(key, track, state)]
        blocked = " Retraining waits until it is mended." if state.episode else ""
        return f"The feed is broken in {state.broken[-1]}: {', '.join(sorted(last))}.{blocked}"
    if verdict == "drifted" and state.episode is not None:
        named = ", ".join(f"{_called(key)} in {_times(state, key, n)}" for key in state.episode.signals)
        asked = state.episode.request
        if retrain:
            what = "retraining is asked for"
        elif asked is not None:
            what = f"retraining was asked for with the window {asked.window}"
        else:
            what = "retraining waits for the cool-down" if state.last_request else "retraining waits"
        return f"Sustained since {state.episode.since}: {named}; {what}."
    if verdict == "watch":
        named = ", ".join(f"{_called(key)} in {_times(state, key, n)}" for key in sorted(_watched(state, settings)))
        return f"To be watched: {named}; nothing that asks for retraining is sustained."
    if verdict == "too-little-data":
        said = [f"{each.rows:,} rows for {each.group} of {each.window}" for each in thin]
        return f"Too little data to judge: {'; '.join(said) or 'no window is over yet'}."
    return f"Nothing unusual up to {max(state.judged.values())}."


def _newest(key: str, track: tuple[Seen, ...], state: State) -> bool:
    return key.startswith("data_quality:") and track[-1].breached and track[-1].window == state.broken[-1]


def _called(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"{_NAMES[kind]} ({name})"


def _times(state: State, key: str, n: int) -> str:
    track = state.tracks.get(key, ())[-n:]
    return f"{sum(seen.breached for seen in track)} of {len(track)} windows"
