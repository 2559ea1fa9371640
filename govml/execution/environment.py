"""The environment of a container step: built from scratch, as a container's is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# What a program needs from its machine; everything else of the user's environment stays out.
INHERITED = ("PATH", "LANG")


def child_environment(
    *,
    interpreter: Path,
    home: Path,
    base_dir: Path,
    platform: Mapping[str, str],
    job: Mapping[str, str],
    overrides: Mapping[str, str],
    account: Mapping[str, str] | None,
) -> dict[str, str]:
    """Return the variables of one job's process.

    Args:
        interpreter: its directory goes first in PATH, so that `python3` in a shell entrypoint is this one too.
        home: a home directory of the executor's own: the user's holds credentials that a container has not.
        base_dir: the job's `/opt/ml`, as SAGEMAKER_BASE_DIR.
        platform: what SageMaker itself sets, such as TRAINING_JOB_NAME.
        job: the job's Environment, paths already rewritten.
        overrides: replacements for variables that the job's Environment has (a tracking store on this machine
            for the one in the account); those that it does not have are not added.
        account: how to reach the account; None for a job with network isolation.
    """
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **inherited,
        "PATH": os.pathsep.join([str(interpreter.parent), inherited.get("PATH", os.defpath)]),
        "HOME": str(home),
        "PYTHONUNBUFFERED": "1",  # the log must be whole when a process is killed
        **(account or {}),
        **platform,
        **job,
        **{name: value for name, value in overrides.items() if name in job},
        "SAGEMAKER_BASE_DIR": str(base_dir),
    }
