"""The reason of a verdict in one sentence."""

from __future__ import annotations

from typing import Final

from govml_pipeline.monitoring.judged import Judged
from govml_pipeline.monitoring.reading import watched
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.monitoring.state import Seen, State

#: Signals that a sentence names, those in most windows first.
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
        counted = watched(state, settings)
        order = sorted(counted, key=lambda key: (-counted[key], key))
        named = [f"{_called(key)} in {_times(state, key, n)}" for key in order[:_NAMED]]
        more = [f"{len(order) - _NAMED} more signals"] if len(order) > _NAMED else []
        return f"To be watched: {', '.join([*named, *more])}; nothing that asks for retraining is sustained."
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
