"""What a state says: which signals are sustained, which are to be watched, and whether the feed is broken."""

from __future__ import annotations

from govml_pipeline.monitoring.deciding.state import Seen, State
from govml_pipeline.monitoring.settings import MonitoringSettings


def sustained(track: tuple[Seen, ...], settings: MonitoringSettings) -> bool:
    """Whether m of the last n judged windows show the signal, all in one direction."""
    m, n = settings.sustained
    counted = [seen.direction for seen in track[-n:] if seen.breached]
    return any(sum(each == direction for each in counted) >= m for direction in set(counted))


def broken(state: State) -> bool:
    """Whether the newest judged window's feed was broken."""
    return bool(state.broken) and state.judged.get("feed") == state.broken[-1]


def watched(state: State, settings: MonitoringSettings) -> dict[str, int]:
    """Signals that counted in the newest n windows, with how often."""
    counted = {
        key: sum(seen.breached for seen in track[-settings.sustained[1] :]) for key, track in state.tracks.items()
    }
    return {key: times for key, times in counted.items() if times and not key.startswith("data_quality:")}
