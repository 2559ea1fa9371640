"""One trial of a tuning job: a training job with hyperparameters of its own, and the score that it printed."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job
from govml.execution.jobs.training import train
from govml.execution.search import Drawn

#: The image's program `train`, which starts a trial, runs what this variable of the job says (pipeline_code/image/train).
COMMAND_VARIABLE = "GOVML_COMMAND"


@dataclass(frozen=True)
class Trial:
    """One trial that has ended; score and model are None where it failed."""

    name: str
    drawn: Drawn
    score: float | None
    model: str | None
    seconds: float
    log: Path
    reason: str = ""


@dataclass(frozen=True)
class Objective:
    """What is measured: the number that `pattern` finds last in a trial's log."""

    metric: str
    pattern: re.Pattern[str]
    minimise: bool

    def read(self, log: Path) -> float:
        """Return the score that a trial printed.

        Raises:
            StepFailed: it printed none, or none that is a number.
        """
        found = [match[1] for match in self.pattern.finditer(log.read_text(encoding="utf-8", errors="replace"))]
        try:
            score = float(found[-1])
        except (IndexError, TypeError, ValueError):
            score = math.nan
        if not math.isfinite(score):
            raise StepFailed(f"the trial printed no {self.metric} (looked for {self.pattern.pattern})")
        return score


def objective_of(config: Mapping[str, Any], definition: Mapping[str, Any]) -> Objective:
    """Return what a tuning job measures.

    Args:
        config: its HyperParameterTuningJobConfig.
        definition: its TrainingJobDefinition.

    Raises:
        StepFailed: the objective is none of the metrics that are defined, or its pattern finds no number.
    """
    wanted = config.get("HyperParameterTuningJobObjective") or {}
    patterns = {
        item["Name"]: item["Regex"] for item in definition["AlgorithmSpecification"].get("MetricDefinitions", [])
    }
    name = wanted.get("MetricName")
    if name not in patterns:
        raise StepFailed(
            f"the objective {name} is none of the metrics that are defined: {', '.join(patterns) or 'none'}"
        )
    try:
        pattern = re.compile(patterns[name])
    except re.error as error:
        raise StepFailed(f"the metric {name} has the pattern {patterns[name]!r}, which is none: {error}") from error
    if not pattern.groups:
        raise StepFailed(f"the metric {name} has the pattern {patterns[name]!r}, which has no group around the number")
    return Objective(str(name), pattern, wanted["Type"] == "Minimize")


def run_trial(job: Job, number: int, drawn: Drawn, objective: Objective) -> Trial:
    """Run one trial to its end, however it ends.

    Args:
        job: the tuning job.
        number: number of the trial, from 1.
        drawn: its hyperparameters, beside the static ones.
        objective: what is measured.
    """
    definition = job.arguments["TrainingJobDefinition"]
    directory = job.directory / "trials" / f"{number:03d}"
    directory.mkdir(parents=True)
    request = {
        key: value for key, value in definition.items() if key not in ("StaticHyperParameters", "DefinitionName")
    }
    request["HyperParameters"] = {**definition.get("StaticHyperParameters", {}), **drawn}
    trial = Job(f"{job.step}-{number:03d}", "Training", request, directory, job.host)
    started = perf_counter()
    try:
        command = shlex.split(definition.get("Environment", {}).get(COMMAND_VARIABLE, ""))
        if not command:
            raise StepFailed(f"the image's program train needs the command in the variable {COMMAND_VARIABLE}")
        result = train(trial, command)
        score = objective.read(trial.log)
    except StepFailed as error:
        return Trial(trial.name, drawn, None, None, perf_counter() - started, error.log or trial.log, error.reason)
    return Trial(trial.name, drawn, score, result.artifacts[0], perf_counter() - started, trial.log)
