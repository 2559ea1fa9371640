"""Reading the end of a step's log for a terminal: only text, never control sequences."""

from __future__ import annotations

import os
import re
from pathlib import Path

_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WINDOW = 64 * 1024  # bytes at the end of the log that are looked at; a traceback is far shorter


def tail(log: Path, lines: int) -> list[str]:
    """Return the last non-empty lines of a log, without control characters; [] if there is no log yet.

    A progress bar overwrites its line with carriage returns: what it showed last is what counts.
    """
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - _WINDOW))
            text = stream.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    shown = (_CONTROL.sub("", line.rstrip("\r").rpartition("\r")[2]).rstrip() for line in text.split("\n"))
    return [line for line in shown if line][-lines:]
