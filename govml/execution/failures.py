"""What may go wrong while a step runs, as opposed to `UserError`, which is raised before anything runs."""

from __future__ import annotations

import errno
from pathlib import Path

# SageMaker truncates a step's failure reason to this many characters (PipelineExecutionStep.FailureReason).
REASON_LIMIT = 1024


def disk_full(error: BaseException) -> bool:
    """Tell whether an error says that the disk, or the user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class StepFailed(Exception):
    """A step ended without success; the run fails and goes on to its report.

    Args:
        reason: what SageMaker would show as the step's failure reason, at most `REASON_LIMIT` characters of it.
        log: the log that explains it, where that is not the step's own (a trial's, a host's).
    """

    def __init__(self, reason: str, *, log: Path | None = None) -> None:
        super().__init__(reason[:REASON_LIMIT])
        self.reason = reason[:REASON_LIMIT]
        self.log = log


class Interrupted(Exception):
    """The run is being stopped: no further process may start and no step counts as failed."""
