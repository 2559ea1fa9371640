"""Lines of a capture file as events, and the hour that a file's folder names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

_FOLDERS: Final = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/(\d{2})/[^/]+$")


@dataclass(frozen=True)
class Event:
    """One request with its answer.

    Args:
        id: the service's name of the event.
        inference: the caller's, or the event's where the caller gave none.
        time: when it was answered (UTC).
        sent: `endpointInput` as captured.
        answered: `endpointOutput` as captured.
    """

    id: str
    inference: str
    time: datetime
    sent: Any
    answered: Any


def hour_of(path: Path) -> datetime | None:
    """Hour (UTC) of the folders `yyyy/mm/dd/hh` that a file stands in; None where they are others."""
    found = _FOLDERS.search(path.as_posix())
    try:
        if found is None:
            return None
        year, month, day, hour = map(int, found.groups())
        return datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return None


def events(content: bytes, counts: dict[str, int]) -> Iterator[Event]:
    """Events of a file in order; `counts` grows by `files`, `lines`, `cut` and `broken`."""
    counts["files"] += 1
    lines = content.split(b"\n")
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        counts["lines"] += 1
        event = _event(line)
        if event is not None:
            yield event
        elif number == len(lines) - 1:  # the last line, and no line break after it: the file is not finished
            counts["cut"] += 1
        else:
            counts["broken"] += 1


def _event(line: bytes) -> Event | None:
    try:
        found = json.loads(line)
        meta, data = found["eventMetadata"], found["captureData"]
        time = datetime.fromisoformat(meta["inferenceTime"])
        identity = meta["eventId"]
        inference = meta.get("inferenceId") or identity
        if not isinstance(identity, str) or not isinstance(inference, str):
            return None
        moment = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        return Event(identity, inference, moment, data.get("endpointInput"), data.get("endpointOutput"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None
