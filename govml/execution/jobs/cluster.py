"""Several hosts of one job: a process each, with its own `/opt/ml`, in one namespace where their names resolve."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.execution import hosts as script
from govml.execution.failures import StepFailed
from govml.execution.isolation import shared_namespace
from govml.execution.jobs.container import TETHER, reason_of, run_limited, translated
from govml.execution.jobs.job import Job
from govml.execution.workspace import Workspace

# SageMaker's own limit is a quota; a machine that one executor is for has a few cores.
MAX_INSTANCES = 16


@dataclass(frozen=True)
class Instance:
    """One host of a job: its name in `resourceconfig.json`, its directory, log and `/opt/ml`."""

    name: str
    number: int
    directory: Path
    log: Path
    workspace: Workspace


def make_instances(job: Job, count: int) -> list[Instance]:
    """Make the directories of a job's hosts: the first one's are the job's own, the others' are below `hosts/`.

    Raises:
        StepFailed: there would be none, or more than this executor starts.
    """
    if not 1 <= count <= MAX_INSTANCES:
        raise StepFailed(f"it wants {count} instances; the local executor has 1 to {MAX_INSTANCES}")
    found = []
    for number in range(count):
        name = f"algo-{number + 1}"
        directory = job.directory / "hosts" / name if number else job.directory
        found.append(Instance(name, number, directory, directory / "log.txt", Workspace(directory / "opt-ml")))
    return found


def run_instances(
    job: Job, instances: Sequence[Instance], *, command: Sequence[str], platform: Mapping[str, str], isolated: bool
) -> None:
    """Run the same command on every host, to the end of all or to the first failure.

    Each host has an address of its own in 127.0.1.0/24, so that all may listen on the same port.

    Args:
        job: for its Environment, StoppingCondition and host.
        instances: the hosts, inputs in place.
        command: entrypoint and arguments as in the definition.
        platform: variables that SageMaker sets by itself.
        isolated: cut off from any network but the one between the hosts.

    Raises:
        StepFailed: this machine permits no such namespace, a host failed, or the job outlived its StoppingCondition.
    """
    prefix = shared_namespace(isolated=isolated)
    if prefix is None:
        raise _refused(len(instances), "the system permits no mount namespace")
    names, outcome = job.directory / "hosts.txt", job.directory / "outcome.json"
    own = "".join(f"127.0.1.{each.number + 1} {each.name}\n" for each in instances)
    names.write_text(own + Path(script.HOSTS_FILE).read_text(encoding="utf-8"), encoding="utf-8")
    hosts = [_described(job, each, command, platform, isolated) for each in instances]
    file = job.directory / "hosts.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"names": str(names), "outcome": str(outcome), "hosts": hosts}), encoding="utf-8")
    start = [*prefix, *TETHER, sys.executable, "-I", "-S", script.__file__, str(file)]
    # The starter needs nothing of the environment; the hosts' own are in the file.
    ended = run_limited(job, start, env={}, cwd=job.directory)
    if not ended.code:
        return
    found: dict[str, Any] = json.loads(outcome.read_text(encoding="utf-8")) if outcome.is_file() else {}
    if "host" not in found:
        raise _refused(len(instances), found.get("refused") or f"their starter ended with code {ended.code}")
    failed = next(each for each in instances if each.name == found["host"])
    raise StepFailed(f"host {failed.name}: {reason_of(found['code'], failed.workspace)}", log=failed.log)


def _described(
    job: Job, each: Instance, command: Sequence[str], platform: Mapping[str, str], isolated: bool
) -> dict[str, Any]:
    words, env = translated(job, each.workspace, command=command, platform=platform, isolated=isolated)
    work = each.directory / "work"
    work.mkdir()
    return {"name": each.name, "command": words, "env": env, "cwd": str(work), "log": str(each.log)}


def _refused(count: int, reason: str) -> StepFailed:
    return StepFailed(
        f"it wants {count} instances, whose names would not resolve on this machine: {reason}. Run it with one instance"
    )
