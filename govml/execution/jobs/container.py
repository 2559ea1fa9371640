"""Runs a container job's command as a subprocess in its workspace; shared by processing and training."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from govml.execution import tether
from govml.execution.environment import child_environment
from govml.execution.failures import StepFailed, disk_full
from govml.execution.jobs.job import Job
from govml.execution.objects import ALL, ObjectStore
from govml.execution.processes import Exit
from govml.execution.workspace import Workspace

# StoppingCondition.MaxRuntimeInSeconds where a request has none: one day.
DEFAULT_MAX_RUNTIME_SECONDS = 86_400
_PYTHON = ("python", "python3")
# What goes before a command whose process must not outlive the executor.
TETHER = (sys.executable, "-I", "-S", str(Path(tether.__file__)))
PREFIX, MANIFEST = "S3Prefix", "ManifestFile"
SHARDED = "ShardedByS3Key"


def run_container(
    job: Job, workspace: Workspace, *, command: Sequence[str], platform: Mapping[str, str], isolated: bool
) -> None:
    """Run `command` to its end.

    Args:
        job: for its Environment, StoppingCondition, log and host.
        workspace: the job's `/opt/ml`, inputs in place.
        command: entrypoint and arguments as in the definition; `/opt/ml` and `python3` are translated here.
        platform: variables that SageMaker sets by itself.
        isolated: cut off from the network, and without credentials.

    Raises:
        StepFailed: it cannot start, exits with another code than 0, or outlives its StoppingCondition. The reason
            is what the step wrote to `/opt/ml/output/failure`, if it did.
    """
    words, env = translated(job, workspace, command=command, platform=platform, isolated=isolated)
    work = job.directory / "work"
    work.mkdir()
    ended = run_limited(job, [*(job.host.isolation.prefix if isolated else ()), *words], env=env, cwd=work)
    if ended.code:
        raise StepFailed(reason_of(ended.code, workspace))


def translated(
    job: Job, workspace: Workspace, *, command: Sequence[str], platform: Mapping[str, str], isolated: bool
) -> tuple[list[str], dict[str, str]]:
    """Return command and environment of a container's process, as they are on this machine."""
    host = job.host
    words = [workspace.rewrite(word) for word in command]
    if words[0] in _PYTHON:
        words[0] = str(host.interpreter)
    # Tied innermost: a change of namespace undoes the tie.
    return [*TETHER, *words], child_environment(
        interpreter=host.interpreter,
        home=host.home,
        base_dir=workspace.root,
        platform=platform,
        job=workspace.rewrite(dict(job.arguments.get("Environment", {}))),
        overrides=host.overrides,
        account=None if isolated else host.account.environ(),
    )


def run_limited(job: Job, command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Exit:
    """Run a command under the job's StoppingCondition, its output going to the job's log.

    Raises:
        StepFailed: it cannot start, or was stopped.
        OSError: the disk is full.
    """
    limit = job.arguments.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS)
    try:
        ended = job.host.processes.run(command, env=env, cwd=cwd, log=job.log, timeout=limit)
    except OSError as error:
        if disk_full(error):
            raise
        raise StepFailed(f"cannot start {command[0]}: {error.strerror or error}") from error
    if ended.timed_out:
        raise StepFailed(f"stopped after its MaxRuntimeInSeconds of {limit}")
    return ended


def reason_of(code: int, workspace: Workspace) -> str:
    """Return why a container's process failed: how it ended, and what it said to `/opt/ml/output/failure`."""
    said = workspace.message("failure") or workspace.message("message")
    return f"{_how(code)}{f': {said}' if said else ''}"


def write_json(directory: Path, name: str, content: Any) -> None:
    """Write one of the configuration files that SageMaker puts into a container."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def require_single_instance(resources: Mapping[str, Any]) -> None:
    """Check a job's InstanceCount.

    Raises:
        StepFailed: it wants several instances, which only training jobs have here.
    """
    if (count := resources.get("InstanceCount", 1)) != 1:
        raise StepFailed(f"it wants {count} instances; the local executor has several for training jobs alone")


def fetch_input(
    store: ObjectStore, source: Mapping[str, Any], target: Path, *, number: int = 0, instances: int = 1
) -> None:
    """Copy an input that `require_plain_input` has let pass into its folder, or an instance's share of it.

    Args:
        store: the account's S3.
        source: a processing job's S3Input, or a channel's S3DataSource.
        target: the folder.
        number: which of the instances it is, from 0.
        instances: with several, `ShardedByS3Key` gives each every so many-th object. SageMaker does not say which
            objects go to which instance, only that each gets about as many.

    Raises:
        StepFailed: there is nothing to copy, or something of it is missing.
    """
    copy = store.download_listed if source.get("S3DataType") == MANIFEST else store.download
    sharded = source.get("S3DataDistributionType") == SHARDED
    copy(source["S3Uri"], target, share=slice(number, None, instances) if sharded else ALL)


def require_plain_input(source: Mapping[str, Any], *, mode: str | None, compression: str | None) -> None:
    """Check that an input is a plain copy of objects: below a prefix or listed, in `File` or `FastFile` mode, as they are.

    Raises:
        StepFailed: anything else, by name.
    """
    if (kind := source.get("S3DataType", PREFIX)) not in (PREFIX, MANIFEST):
        raise StepFailed(f"the local executor cannot read an input of S3DataType {kind}")
    if mode not in (None, "File", "FastFile"):
        raise StepFailed(f"the local executor cannot feed an input in {mode} mode")
    if compression not in (None, "None"):
        raise StepFailed(f"the local executor does not decompress {compression} inputs")


def _how(code: int) -> str:
    if code > 0:
        return f"the process ended with exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    return f"the process was ended by signal {name}"
