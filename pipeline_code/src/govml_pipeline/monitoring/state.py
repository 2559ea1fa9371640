"""What the monitor remembers from one run to the next, as JSON: bounded, and the same bytes for the same history."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json
from govml_pipeline.monitoring import windows
from govml_pipeline.monitoring.settings import Period

FORMAT_VERSION: Final = 1
STATE: Final = "state.json"
#: Windows whose feed was broken that are remembered, so that late labels of them do not count either.
BROKEN_KEPT: Final = 36
#: Windows of a signal that are remembered: what is sustained takes a few of them, the report shows them all.
KEPT: Final = 24


@dataclass(frozen=True)
class Seen:
    """One signal in one judged window."""

    window: str
    value: float
    p_value: float | None
    breached: bool
    direction: int


@dataclass(frozen=True)
class Request:
    """A request to retrain; `id` is the same whoever asks again for the same episode of the same model."""

    window: str
    id: str


@dataclass(frozen=True)
class Episode:
    """Sustained drift: since which window, by which signals, and what was asked for."""

    since: str
    signals: tuple[str, ...]
    request: Request | None = None


@dataclass(frozen=True)
class State:
    """Everything that a decision needs of the past.

    Args:
        model_version: version of the model that it is about.
        tracks: last windows by signal, oldest first, at most `KEPT`.
        judged: newest judged window by group: `feed`, `inputs`, `labels`.
        fed: newest window that had rows.
        broken: newest windows whose feed was broken, oldest first.
        episode: sustained drift that goes on.
        last_request: newest request of any model: the cool-down outlives a change of model.
        paged: somebody was called for the broken feed that goes on.
    """

    model_version: str
    tracks: dict[str, tuple[Seen, ...]] = field(default_factory=dict)
    judged: dict[str, str] = field(default_factory=dict)
    fed: str | None = None
    broken: tuple[str, ...] = ()
    episode: Episode | None = None
    last_request: Request | None = None
    paged: bool = False

    def of_model(self, version: str) -> State:
        """This state; for another model a new one, which keeps the feed's side and the last request."""
        if version == self.model_version:
            return self
        judged = {name: window for name, window in self.judged.items() if name == "feed"}
        return replace(self, model_version=version, tracks={}, judged=judged, episode=None)

    def since(self, period: Period) -> date | None:
        """First day of the oldest window that some group has yet to judge; None: that is not known."""
        if set(self.judged) < {"feed", "inputs", "labels"}:
            return None
        return windows.start(windows.after(min(self.judged.values()), period), period)

    def as_json(self) -> dict[str, Any]:
        """What the state file holds."""
        return {"format_version": FORMAT_VERSION, **asdict(self)}


def parse_state(value: Any, where: str) -> State:
    """Make a state of what `as_json` gave.

    Raises:
        UserError: another format, or something is missing or of another form.
    """
    try:
        if value["format_version"] != FORMAT_VERSION:
            raise ValueError(f"format {value['format_version']!r}, this code reads {FORMAT_VERSION}")
        known = {name: each for name, each in value.items() if name != "format_version"}
        episode = known["episode"]
        if episode is not None:
            asked = episode["request"]
            signals = tuple(episode["signals"])
            episode = Episode(episode["since"], signals, None if asked is None else Request(**asked))
        last = known["last_request"]
        tracks = {str(name): tuple(Seen(**seen) for seen in track) for name, track in known["tracks"].items()}
        parts = {
            "tracks": tracks,
            "broken": tuple(known["broken"]),
            "episode": episode,
            "last_request": None if last is None else Request(**last),
        }
        return State(**{**known, **parts})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f"{where}: no state of the monitor ({error})",
            hint="delete the file to begin anew: the windows of the next run are then judged without a past",
        ) from error


def read_state(folder: Path, model_version: str) -> State:
    """Read the state of a folder, a new one where there is none.

    Raises:
        UserError: the file is no state.
    """
    path = folder / STATE
    if not path.is_file():
        return State(model_version)
    try:
        value = read_json(path)
    except ValueError as error:
        raise UserError(
            f"{path}: not JSON ({error})", hint="delete the file to begin anew, or restore its last version"
        ) from error
    return parse_state(value, str(path))
