"""Tuning step: trials, each a training job with hyperparameters of its own; the best one's model goes on.

Trials run in rounds of `MaxParallelTrainingJobs`, and a round's scores reach the search in the order in which it was drawn:
so the outcome does not depend on which trial ends first.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job, StepResult
from govml.execution.jobs.trials import Objective, Trial, objective_of, run_trial
from govml.execution.jobs.tuning_result import tuning_result
from govml.execution.search import Range, combinations, make_search, parse_ranges


def run_tuning(job: Job) -> StepResult:
    """Run a tuning job; its properties are those of DescribeHyperParameterTuningJob, the trials best first.

    Raises:
        StepFailed: the search cannot be done here, or every trial failed.
    """
    config, definition = job.arguments["HyperParameterTuningJobConfig"], job.arguments["TrainingJobDefinition"]
    limits, ranges = config["ResourceLimits"], parse_ranges(config.get("ParameterRanges", {}))
    count = _number_of_trials(config["Strategy"], limits, ranges)
    width = min(int(limits["MaxParallelTrainingJobs"]), count)
    objective = objective_of(config, definition)
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
                run_trial, itertools.repeat(job), itertools.count(first), drawn, itertools.repeat(objective)
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
    return tuning_result(job, ended, done, objective)


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
