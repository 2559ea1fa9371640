"""What a judged window leaves in the state: in the place of what it left before, if it is judged again.

Everything is kept by window and in the order of windows, so that the order in which rows and labels arrived leaves no trace.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from govml_pipeline.monitoring.deciding.state import BROKEN_KEPT, KEPT, Past, Seen, State
from govml_pipeline.monitoring.judging.judged import Group, Judged
from govml_pipeline.monitoring.judging.signals import Ruled
from govml_pipeline.monitoring.settings import SignalKind

#: Signals of each group, as their keys in the state begin.
KINDS: Final[dict[Group, tuple[SignalKind, ...]]] = {
    "feed": ("data_quality",),
    "inputs": ("data_drift", "prediction_drift", "attribution_drift"),
    "labels": ("concept_drift", "segment_drift", "bias_drift", "target_drift", "feedback_drift"),
}


def taken_in(state: State, each: Judged, ruled: list[Ruled]) -> State:
    """The state with one more window of a group, or with what it is now known to be.

    Args:
        state: before.
        each: the window as judged.
        ruled: its signals after correction; none where the rows were too few.
    """
    group, window = each.group, each.window
    newest = max(window, state.judged.get(group, ""))
    state = replace(
        state,
        judged={**state.judged, group: newest},
        content={**state.content, group: {**state.content.get(group, {}), window: each.content}},
        tracks=_without(state.tracks, window, group),
    )
    if group == "feed":
        down = any(item.breached for item in ruled)
        broken = set(state.broken) - {window} | ({window} if down else set())
        state = replace(
            state,
            broken=tuple(sorted(broken))[-BROKEN_KEPT:],
            fed=max(window, state.fed or "") if each.rows else state.fed,
            paged=state.paged and down if window == newest else state.paged,
        )
    elif window in state.broken:
        ruled = []
    if group == "labels" and each.figures is not None:
        state = replace(state, history=_remembered(state.history, each, each.figures))
    return replace(state, tracks=_grown(state.tracks, ruled))


def _without(tracks: dict[str, tuple[Seen, ...]], window: str, group: Group) -> dict[str, tuple[Seen, ...]]:
    found = {}
    for key, track in tracks.items():
        if key.partition(":")[0] in KINDS[group]:
            track = tuple(seen for seen in track if seen.window != window)  # noqa: PLW2901  the same track, shorter
        if track:
            found[key] = track
    return found


def _grown(tracks: dict[str, tuple[Seen, ...]], ruled: list[Ruled]) -> dict[str, tuple[Seen, ...]]:
    grown = dict(tracks)
    for item in ruled:
        signal = item.signal
        seen = Seen(signal.window, signal.value, signal.p_value, item.breached, signal.direction)
        track = sorted((*grown.get(signal.key, ()), seen), key=lambda each: each.window)
        grown[signal.key] = tuple(track)[-KEPT:]
    return grown


def _remembered(history: tuple[Past, ...], each: Judged, figures: dict[str, Any]) -> tuple[Past, ...]:
    before = {past.window: past for past in history}
    now = Past(each.window, each.rows, each.enough, figures)
    old = before.get(each.window)
    if old is not None:
        same = replace(old, revised=0) == now
        now = replace(now, revised=old.revised + (not same))
    known = {**before, each.window: now}
    return tuple(known[window] for window in sorted(known))[-KEPT:]
