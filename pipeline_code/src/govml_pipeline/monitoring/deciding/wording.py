"""The reason of a verdict in one sentence."""

from __future__ import annotations

from typing import Final

from govml_pipeline.monitoring.deciding.reading import watched
from govml_pipeline.monitoring.deciding.state import Episode, Seen, State
from govml_pipeline.monitoring.judging.judged import Judged
from govml_pipeline.monitoring.settings import MonitoringSettings

#: Signals, or windows, that a sentence names; the first ones.
_NAMED: Final = 3
_NAMES: Final = {
    "data_quality": "data quality",
    "data_drift": "data drift",
    "prediction_drift": "prediction drift",
    "target_drift": "target drift",
    "concept_drift": "concept drift",
    "segment_drift": "segment drift",
    "bias_drift": "bias drift",
    "attribution_drift": "attribution drift",
    "feedback_drift": "feedback",
}


def reason(state: State, verdict: str, retrain: bool, thin: list[Judged], settings: MonitoringSettings) -> str:
    """Say why, with the figures that decided.

    Args:
        state: the state after.
        verdict: the verdict.
        retrain: this run asks for retraining.
        thin: windows of this run with too few rows.
        settings: the use case's settings.
    """
    n = settings.sustained[1]
    if verdict == "broken-feed":
        return _broken(state)
    if verdict == "drifted" and state.episode is not None:
        return _drifted(state, state.episode, retrain, n)
    if verdict == "watch":
        counted = watched(state, settings)
        order = sorted(counted, key=lambda key: (-counted[key], key))
        named = [f"{_called(key)} in {_times(state, key, n)}" for key in order]
        return f"To be watched: {_listed(named, 'signals')}; nothing that asks for retraining is sustained."
    if verdict == "too-little-data":
        said = [f"{each.rows:,} rows for {each.group} of {each.window}" for each in thin]
        return f"Too little data to judge: {_listed(said, 'windows') or 'no window is over yet'}."
    return f"Nothing unusual up to {max(state.judged.values())}."


def _broken(state: State) -> str:
    window = state.broken[-1]
    what = sorted(key.partition(":")[2] for key, track in state.tracks.items() if _newest(key, track, window))
    blocked = " Retraining waits until it is mended." if state.episode else ""
    return f"The feed is broken in {window}: {', '.join(what)}.{blocked}"


def _drifted(state: State, episode: Episode, retrain: bool, n: int) -> str:
    if retrain:
        what = "retraining is asked for"
    elif episode.request is not None:
        what = f"retraining was asked for with the window {episode.request.window}"
    else:
        what = "retraining waits for the cool-down" if state.last_request else "retraining waits"
    named = [f"{_called(key)} in {_times(state, key, n)}" for key in episode.signals]
    return f"Sustained since {episode.since}: {_listed(named, 'signals')}; {what}."


def _listed(parts: list[str], what: str) -> str:
    more = [f"{len(parts) - _NAMED} more {what}"] if len(parts) > _NAMED else []
    return ", ".join([*parts[:_NAMED], *more])


def _newest(key: str, track: tuple[Seen, ...], window: str) -> bool:
    return key.startswith("data_quality:") and track[-1].breached and track[-1].window == window


def _called(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"{_NAMES[kind]} ({name})"


def _times(state: State, key: str, n: int) -> str:
    track = state.tracks.get(key, ())[-n:]
    return f"{sum(seen.breached for seen in track)} of {len(track)} windows"
