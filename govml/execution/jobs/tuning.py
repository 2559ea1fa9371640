"""Tuning step: trials, each a training job with hyperparameters of its own; the best one's model goes on.

Trials run in rounds of `MaxParallelTrainingJobs`, and a round's scores reach the search in the order in which it was drawn:
so the outcome does not depend on which trial ends first.
"""

from __future__ import annotations

import itertools
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job, StepResult
from govml.execution.jobs.training import train
from govml.execution.search import Drawn, Range, combinations, make_search, parse_ranges

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


def run_tuning(job: Job) -> StepResult:
    """Run a tuning job; its properties are those of DescribeHyperParameterTuningJob, the trials best first.

    Raises:
        StepFailed: the search cannot be done here, or every trial failed.
    """
    config, definition = job.arguments["HyperParameterTuningJobConfig"], job.arguments["TrainingJobDefinition"]
    limits, ranges = config["ResourceLimits"], parse_ranges(config.get("ParameterRanges", {}))
    count = _number_of_trials(config["Strategy"], limits, ranges)
    width = min(int(limits["MaxParallelTrainingJobs"]), count)
    objective = _objective(config, definition)
    search = make_search(
        config["Strategy"],
        ranges,
        trials=count,
        seed=int(config.get("RandomSeed", 0)),
        minimise=objective.minimise,
    )
    done: list[Trial] = []
    with ThreadPoolExecutor(width, thread_name_prefix="trial") as pool:
        for first in range(1, count + 1, width):
            drawn = [search.ask() for _ in range(min(width, count + 1 - first))]
            round_ = pool.map(
                _run_trial, itertools.repeat(job), itertools.count(first), drawn, itertools.repeat(objective)
            )
            for trial in round_:
                search.tell(trial.drawn, trial.score)
                done.append(trial)
                _say(job, done, count, objective)
    ended = sorted(
        (trial for trial in done if trial.score is not None),
        key=lambda trial: (trial.score if objective.minimise else -trial.score, trial.name),  # type: ignore[operator]
    )
    if not ended:
        raise StepFailed(f"all {count} trials failed; the first: {done[0].reason}", log=done[0].log)
    return _result(job, ended, done, objective)


def _number_of_trials(strategy: str, limits: Mapping[str, Any], ranges: Sequence[Range]) -> int:
    """Return how many trials there are to be: as many as a grid has combinations, where nothing is said.

    Raises:
        StepFailed: nothing is said, and it is no grid.
    """
    if "MaxNumberOfTrainingJobs" in limits:
        return int(limits["MaxNumberOfTrainingJobs"])
    if strategy == "Grid":
        return combinations(ranges)
    raise StepFailed(f"ResourceLimits has no MaxNumberOfTrainingJobs, which the strategy {strategy} needs")


def _objective(config: Mapping[str, Any], definition: Mapping[str, Any]) -> Objective:
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


def _run_trial(job: Job, number: int, drawn: Drawn, objective: Objective) -> Trial:
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


def _say(job: Job, done: list[Trial], count: int, objective: Objective) -> None:
    """Add a line on the latest trial to the step's log, whose last line the progress display shows."""
    trial = done[-1]
    scores = [each.score for each in done if each.score is not None]
    best = f"best {(min if objective.minimise else max)(scores):.6g}" if scores else "none has a score yet"
    outcome = (
        f"failed: {trial.reason.splitlines()[0]}" if trial.score is None else f"{objective.metric} {trial.score:.6g}"
    )
    # A single trial uses its own defaults (the pipeline's convention), so that its draw would mislead.
    settings = " ".join(f"{name}={value}" for name, value in trial.drawn.items()) if count > 1 else ""
    with job.log.open("a", encoding="utf-8") as log:
        log.write(
            f"trial {len(done)} of {count}: {outcome} in {trial.seconds:.1f} s ({best}) {settings}".rstrip() + "\n"
        )


def _result(job: Job, ended: list[Trial], done: list[Trial], objective: Objective) -> StepResult:
    """Return what the step leaves, from the trials with a score, best first, and from all in the order of the draws."""
    failed = len(done) - len(ended)
    summaries = [
        {
            "TrainingJobName": trial.name,
            "TrainingJobArn": f"{job.arn('training-job').rpartition('/')[0]}/{trial.name}",
            "TrainingJobStatus": "Completed",
            "TunedHyperParameters": trial.drawn,
            "FinalHyperParameterTuningJobObjectiveMetric": {
                "MetricName": objective.metric,
                "Type": "Minimize" if objective.minimise else "Maximize",
                "Value": trial.score,
            },
            "ObjectiveStatus": "Succeeded",
        }
        for trial in ended
    ]
    return StepResult(
        properties={
            **job.arguments,
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn("hyper-parameter-tuning-job"),
            "HyperParameterTuningJobStatus": "Completed",
            "BestTrainingJob": summaries[0],
            "TrainingJobSummaries": summaries,
            "TrainingJobStatusCounters": {"Completed": len(ended), "NonRetryableError": failed, "Stopped": 0},
            "ObjectiveStatusCounters": {"Succeeded": len(ended), "Failed": failed, "Pending": 0},
        },
        artifacts=(str(ended[0].model),),
        job_name=job.name,
        trials=tuple(
            {
                "name": trial.name,
                "parameters": trial.drawn,
                "score": trial.score,
                "seconds": round(trial.seconds, 3),
                "reason": trial.reason,
            }
            for trial in done
        ),
        isolation=job.host.isolation.description
        if job.arguments["TrainingJobDefinition"].get("EnableNetworkIsolation")
        else "",
    )
