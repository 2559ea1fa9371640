"""Ties a job's process to the executor, then becomes the command given as arguments: if the executor is killed, so is the job.

Without it, a step of a killed run would go on in secret, beside the same step of the run that is resumed. Linux alone knows
such a tie (prctl(2), PR_SET_PDEATHSIG); elsewhere the command just starts. Standard library only: it runs as a script.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execvpe(sys.argv[1], sys.argv[1:], os.environ)  # noqa: S606 - the step's command, no shell is wanted
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[1]}: {error.strerror}")
