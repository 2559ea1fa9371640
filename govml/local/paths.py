"""Where the local account keeps its state, and where the repository is."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STATE_DIRECTORY_VARIABLE = "GOVML_STATE_DIR"


def state_directory() -> Path:
    """Return the folder of state, logs and reports: `$GOVML_STATE_DIR`, or `.govml/local` in the repository."""
    chosen = os.environ.get(STATE_DIRECTORY_VARIABLE)
    return Path(chosen).resolve() if chosen else REPOSITORY / ".govml" / "local"
