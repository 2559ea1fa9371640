"""Whether a process has ended. A zombie that this process has not waited for counts as ended."""

from __future__ import annotations

import os
import time
from pathlib import Path


def gone(pid: int, *, within: float = 5.0) -> bool:
    """Wait until a process has ended.

    Args:
        pid: process id.
        within: seconds to wait at most.

    Returns:
        Whether it ended in time.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if _ended(pid):
            return True
        time.sleep(0.01)
    return _ended(pid)


def _ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"
