"""The report at the end of a run, and of `govml pipeline show`: plain text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from govml.execution.isolation import ENVIRONMENT_ONLY
from govml.execution.logs import tail
from govml.execution.record import RunRecord, Status, StepRecord, seconds
from govml.execution.run_lock import is_locked

LOG_LINES = 20
TRIALS = 10


def report(record: RunRecord, *, directory: Path) -> str:
    """Return the report of a run.

    Args:
        record: the run.
        directory: where its record and logs are.
    """
    return "\n".join(_lines(record, directory))


def _lines(record: RunRecord, directory: Path) -> Iterator[str]:
    yield f"run {record.run_id} of {record.pipeline}: {record.status} in {seconds(record):.1f} s"
    for step in record.steps:
        took = f"{seconds(step):8.1f} s" if step.started else " " * 10
        cached = f"   cached: run {step.cached_from}" if step.cached_from else ""
        yield f"  {step.name:<24} {step.type:<14} {step.status:<10} {took}{cached}"
    for step in record.steps:
        if step.type == "Tuning" and step.status is Status.SUCCEEDED:
            yield from _trials(step)
    for step in record.steps:
        if step.status is Status.FAILED:
            yield f"step {step.name} failed: {step.reason}"
            if shown := tail(Path(step.log), LOG_LINES):
                yield f"  the last {len(shown)} lines of {step.log}:"
                yield from (f"  | {text}" for text in shown)
    cut_off = record.status is Status.EXECUTING and not is_locked(directory)
    if cut_off:
        yield "the executor of this run has ended without finishing it"
    if cut_off or record.status in (Status.FAILED, Status.STOPPED):
        yield f"go on with what has succeeded: govml pipeline resume {record.run_id}"
    if record.model_package_arn:
        yield f"registered {record.model_package_arn}"
    if any(step.isolation == ENVIRONMENT_ONLY for step in record.steps):
        yield f"network isolation: {ENVIRONMENT_ONLY}"
    yield f"record and logs: {directory}"


def _trials(step: StepRecord) -> Iterator[str]:
    """Yield the table of a tuning step's trials; they are listed in the order of the draws, shown in that of the scores."""
    if len(step.trials) < 2:
        return
    by_name = {trial["name"]: trial for trial in step.trials}
    best = [by_name[each["TrainingJobName"]] for each in step.properties["TrainingJobSummaries"]]
    yield f"{step.name}: {len(step.trials)} trials, {len(step.trials) - len(best)} failed; best first:"
    yield f"  {'score':>12}  {'seconds':>8}  parameters"
    for trial in best[:TRIALS]:
        settings = " ".join(f"{name}={value}" for name, value in trial["parameters"].items())
        yield f"  {trial['score']:12.6g}  {trial['seconds']:8.1f}  {settings}"
    if len(best) > TRIALS:
        yield f"  ... and {len(best) - TRIALS} more in the run's record"
