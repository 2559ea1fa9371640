"""What a step gets to run with, and what it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govml.execution.account import Account
from govml.execution.isolation import Isolation
from govml.execution.objects import ObjectStore
from govml.execution.processes import Processes


@dataclass(frozen=True)
class Host:
    """What all jobs of a run share.

    Args:
        run_id: the pipeline execution's id.
        account: the local account.
        sagemaker: boto3 client of the account's registry.
        store: the account's S3.
        processes: where children are started.
        isolation: how isolated jobs are cut off from the network.
        interpreter: Python with the pipeline's dependencies; stands for `python3` in entrypoints.
        home: home directory of all children.
        overrides: replacements for variables in a job's Environment.
    """

    run_id: str
    account: Account
    sagemaker: Any
    store: ObjectStore
    processes: Processes
    isolation: Isolation
    interpreter: Path
    home: Path
    overrides: Mapping[str, str]


@dataclass(frozen=True)
class Job:
    """One step about to run: its name and type, its resolved arguments, and a directory of its own.

    `directory` exists; `log` is the file in it that the step's output goes to.
    """

    step: str
    type: str
    arguments: Mapping[str, Any]
    directory: Path
    host: Host

    @property
    def log(self) -> Path:
        """The file that takes the output of the step's process."""
        return self.directory / "log.txt"

    @property
    def name(self) -> str:
        """Job name of the form that SageMaker Pipelines gives: `pipelines-<execution>-<step>-<ten characters>`.

        Names of tuning jobs have at most 32 characters: `<execution>-<start of the step>-<ten characters>`.
        """
        suffix = hashlib.sha256(f"{self.host.run_id}/{self.step}".encode()).hexdigest()[:10]
        step = self.step.replace("_", "-")[:28].strip("-")
        if self.type == "Tuning":
            return f"{self.host.run_id}-{step[:7].strip('-')}-{suffix[:9]}"
        return f"pipelines-{self.host.run_id}-{step}-{suffix}"

    def arn(self, kind: str) -> str:
        """ARN of the job, `kind` being such as `processing-job` or `transform-job`."""
        account = self.host.account
        return f"arn:aws:sagemaker:{account.region}:{account.account}:{kind}/{self.name}"


@dataclass(frozen=True)
class StepResult:
    """What a succeeded step leaves.

    Args:
        properties: in the shape of the Describe call of the step's type; later steps refer into it.
        artifacts: S3 URIs (prefixes of processing outputs, model archives) and ARNs, for the report.
        job_name: "" for steps without a job.
        isolation: how the job was cut off from the network; "" if it was not to be.
        cached_from: the run whose result this is; "" if the job ran in this one.
        trials: of a tuning job, each trial in the order of the draws: name, parameters, score or null, seconds, reason.
    """

    properties: Mapping[str, Any] = field(default_factory=dict)
    artifacts: tuple[str, ...] = ()
    job_name: str = ""
    isolation: str = ""
    cached_from: str = ""
    trials: tuple[Mapping[str, Any], ...] = ()
