"""What the monitor remembers from one run to the next, as JSON: bounded, and the same bytes for the same history."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json
from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.settings import MonitoringSettings

FORMAT_VERSION: Final = 2
#: Formats that can be read; what the older one does not know of is empty.
_READABLE: Final = (1, 2)
STATE: Final = "state.json"
#: Names the day from which the next look needs what was captured and said, for whoever starts it.
NEXT: Final = "next.json"
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
class Past:
    """What a window's labels have told.

    Args:
        window: name of the window.
        rows: labelled rows.
        enough: they were enough to judge by.
        figures: coverage, metrics, and what people said of the answers.
        revised: how often labels or rows that came later have changed it.
    """

    window: str
    rows: int
    enough: bool
    figures: dict[str, Any]
    revised: int = 0


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
        content: fingerprints of what windows were judged by, by group and window; of those that may be judged again.
        history: performance of the last windows, oldest first, at most `KEPT`.
    """

    model_version: str
    tracks: dict[str, tuple[Seen, ...]] = field(default_factory=dict)
    judged: dict[str, str] = field(default_factory=dict)
    fed: str | None = None
    broken: tuple[str, ...] = ()
    episode: Episode | None = None
    last_request: Request | None = None
    paged: bool = False
    content: dict[str, dict[str, str]] = field(default_factory=dict)
    history: tuple[Past, ...] = ()

    def of_model(self, version: str) -> State:
        """This state; for another model a new one, which keeps the feed's side and the last request."""
        if version == self.model_version:
            return self
        judged, content = (
            {name: each for name, each in known.items() if name == "feed"} for known in (self.judged, self.content)
        )
        return replace(self, model_version=version, tracks={}, judged=judged, content=content, episode=None, history=())

    def open_from(self, settings: MonitoringSettings) -> str | None:
        """The oldest window that this or a later run may judge, for the first time or again; None: that is not known.

        Where there have been no labels, those of a window that has been over for `label_delay` periods are given up.
        """
        seen = [self.judged[name] for name in ("feed", "inputs") if name in self.judged]
        if not seen:
            return None
        waiting = windows.after(min(seen), settings.period, -(settings.label_delay + 1))
        newest = min(*seen, self.judged.get("labels", waiting))
        return windows.after(newest, settings.period, 1 - settings.late_windows)

    def since(self, settings: MonitoringSettings) -> date | None:
        """First day whose rows the next run needs; None: all that there are."""
        first = self.open_from(settings)
        return None if first is None else windows.start(first, settings.period)

    def trimmed(self, settings: MonitoringSettings) -> State:
        """This state without fingerprints of windows that nothing changes any more."""
        first = self.open_from(settings) or ""
        kept = {
            group: {window: each for window, each in sorted(known.items()) if window >= first}
            for group, known in self.content.items()
        }
        return replace(self, content=kept)

    def as_json(self) -> dict[str, Any]:
        """What the state file holds."""
        return {"format_version": FORMAT_VERSION, **asdict(self)}


def next_look(state: State, settings: MonitoringSettings) -> dict[str, str | None]:
    """What `NEXT` holds: the day in `since`, None if all is needed."""
    first = state.since(settings)
    return {"since": None if first is None else first.isoformat()}


def parse_state(value: Any, where: str) -> State:
    """Make a state of what `as_json` gave.

    Raises:
        UserError: another format, or something is missing or of another form.
    """
    try:
        if value["format_version"] not in _READABLE:
            raise ValueError(f"format {value['format_version']!r}, this code reads {FORMAT_VERSION} and before")
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
            "history": tuple(Past(**past) for past in known.get("history", ())),
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
