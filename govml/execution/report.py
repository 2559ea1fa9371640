"""The report at the end of a run, and of `govml pipeline show`: plain text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from govml.execution.isolation import ENVIRONMENT_ONLY
from govml.execution.logs import tail
from govml.execution.record import RunRecord, Status, seconds

LOG_LINES = 20


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
        yield f"  {step.name:<24} {step.type:<14} {step.status:<10} {took}"
    for step in record.steps:
        if step.status is Status.FAILED:
            yield f"step {step.name} failed: {step.reason}"
            if shown := tail(Path(step.log), LOG_LINES):
                yield f"  the last {len(shown)} lines of {step.log}:"
                yield from (f"  | {text}" for text in shown)
    if record.model_package_arn:
        yield f"registered {record.model_package_arn}"
    if any(step.isolation == ENVIRONMENT_ONLY for step in record.steps):
        yield f"network isolation: {ENVIRONMENT_ONLY}"
    yield f"record and logs: {directory}"
