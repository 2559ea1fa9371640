"""The record of a run: what was asked, what each step did, what came out. One JSON file, replaced as a whole."""

from __future__ import annotations

import dataclasses
import enum
import json
import re
import secrets
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from govml.errors import UserError

SCHEMA = 1
RUN_ID = re.compile(r"[a-z0-9]{12}")


class Status(enum.StrEnum):
    """State of a run or step; the names are those of SageMaker Pipelines, except `NotRun`."""

    NOT_RUN = "NotRun"
    EXECUTING = "Executing"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    STOPPED = "Stopped"


@dataclasses.dataclass
class StepRecord:
    """One step of a run; times are ISO 8601 in UTC, "" while there is none.

    `cached_from` is the run whose result was used again; `attempts` counts how often the step started in this run;
    `trials` are those of a tuning step: name, parameters, score (null: it failed), seconds, reason.
    """

    name: str
    type: str
    status: Status = Status.NOT_RUN
    started: str = ""
    ended: str = ""
    reason: str = ""
    log: str = ""
    job_name: str = ""
    isolation: str = ""
    cached_from: str = ""
    attempts: int = 0
    artifacts: list[str] = dataclasses.field(default_factory=list)
    trials: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    properties: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class RunRecord:
    """One run of a pipeline in the local account."""

    run_id: str
    pipeline: str
    use_case: str
    environment: str
    parameters: dict[str, Any]
    definition_sha256: str
    steps: list[StepRecord]
    status: Status = Status.EXECUTING
    started: str = ""
    ended: str = ""
    reason: str = ""
    model_package_arn: str = ""
    schema: int = SCHEMA

    def step(self, name: str) -> StepRecord:
        """Return the record of one step."""
        return next(step for step in self.steps if step.name == name)


def now() -> str:
    """Return the time as ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(record: StepRecord | RunRecord) -> float:
    """Return how long a step or run took, or has taken up to now; 0.0 if it never started."""
    if not record.started:
        return 0.0
    start, end = (datetime.fromisoformat(time) for time in (record.started, record.ended or now()))
    if None in {start.tzinfo, end.tzinfo}:
        raise ValueError("a time without its zone")
    return (end - start).total_seconds()


class RunStore:
    """The runs below one directory: `<directory>/<run id>/run.json` and what the steps leave beside it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def new_id(self) -> str:
        """Make the directory of a new run and return its id.

        The id has the form of a SageMaker pipeline execution id, twelve lower-case letters and digits: the date,
        then six random ones.
        """
        while True:
            tail = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(6))
            run_id = datetime.now(UTC).strftime("%y%m%d") + tail
            try:
                self.path(run_id).mkdir(parents=True)
            except FileExistsError:
                continue
            return run_id

    def path(self, run_id: str) -> Path:
        """Return the directory of a run."""
        return self.directory / run_id

    def save(self, record: RunRecord) -> None:
        """Write a record so that a reader sees the old one or the new one, never a part."""
        target = self.path(record.run_id) / "run.json"
        partial = target.with_suffix(".partial")
        partial.write_text(json.dumps(dataclasses.asdict(record), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        partial.replace(target)

    def load(self, run_id: str) -> RunRecord:
        """Read the record of one run; `latest` is the one that started last.

        Raises:
            UserError: there is no such run, or its record is damaged.
        """
        if run_id == "latest":
            if not (runs := self.all()):
                raise UserError("there is no run yet", hint="start one with `govml pipeline run USE_CASE`")
            return runs[-1]
        if not RUN_ID.fullmatch(run_id):
            raise UserError(f"{run_id!r} is not the id of a run", hint="see `govml pipeline list`")
        file = self.path(run_id) / "run.json"
        try:
            return _from_json(file.read_bytes(), run_id)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UserError(f"there is no run {run_id}", hint="see `govml pipeline list`") from error
        except OSError as error:
            raise UserError(f"the record of run {run_id} cannot be read: {error.strerror}: {file}") from error
        except ValueError as error:
            raise UserError(
                f"the record of run {run_id} is damaged: {error}",
                hint=f"nothing can be resumed from it: put a copy of {file} back, or remove the folder {file.parent}",
            ) from error

    def all(self) -> list[RunRecord]:
        """Return the records of all runs, oldest first; folders whose names are no run's are left alone.

        Raises:
            UserError: a record is damaged.
        """
        names = [file.parent.name for file in self.directory.glob("*/run.json")]
        found = [self.load(name) for name in names if RUN_ID.fullmatch(name)]
        return sorted(found, key=lambda record: record.started)


def _from_json(content: bytes, run_id: str) -> RunRecord:
    try:
        record = TypeAdapter(RunRecord).validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc'])) or 'all of it'}: {first['msg']}") from error
    if record.schema != SCHEMA:
        raise ValueError(f"it is of schema {record.schema}, not {SCHEMA}")
    if record.run_id != run_id:
        raise ValueError(f"it is the record of run {record.run_id!r}")
    seconds(record)  # raises where a time is none
    for step in record.steps:
        seconds(step)
    return record
