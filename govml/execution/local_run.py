"""Puts a run together: the deployed definition, the account, directories and interpreter of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.execution.account import Account, deployed_pipeline, reachable
from govml.execution.cache import StepCache
from govml.execution.failures import StepFailed
from govml.execution.isolation import find_isolation
from govml.execution.jobs import HANDLERS
from govml.execution.jobs.job import Host
from govml.execution.objects import ObjectStore
from govml.execution.parameters import ParameterValue
from govml.execution.plan import Plan, make_plan
from govml.execution.processes import Processes
from govml.execution.record import RunRecord, RunStore, Status, StepRecord
from govml.execution.runner import Runner

# The parameter that every use case's pipeline reads its raw data from.
INPUT_DATA_PARAMETER = "InputDataUri"
DEFAULT_WORKERS = 2


@dataclass(frozen=True)
class Target:
    """What to run: a deployed pipeline, the use case and environment it belongs to, and parameters as text."""

    pipeline: str
    use_case: str
    environment: str
    given: Mapping[str, str]


@dataclass(frozen=True)
class LocalRun:
    """A run that is ready to start; `directory` holds its record and logs."""

    record: RunRecord
    directory: Path
    runner: Runner


@dataclass(frozen=True)
class Machine:
    """What this machine lends to a run.

    Args:
        account: where the pipeline is deployed.
        state: directory of the local account's state; runs go to `runs/`, the tracking store to `mlflow/`, results that
            may be used again to `cache/`.
        interpreter: Python that has the pipeline's dependencies.
        workers: how many steps may run at once; the pipeline's own limit counts if it is lower.
        keep_workspaces: keep the `/opt/ml` directories of succeeded steps too.
        use_cache: use results of earlier runs where the definition allows it.
    """

    account: Account
    state: Path
    interpreter: Path
    workers: int = DEFAULT_WORKERS
    keep_workspaces: bool = False
    use_cache: bool = True

    @property
    def runs(self) -> RunStore:
        """The runs of this machine."""
        return RunStore(self.state / "runs")

    def host(self, run_id: str) -> Host:
        """Return what the jobs of a run share."""
        for name in ("home", "mlflow"):
            (self.state / name).mkdir(parents=True, exist_ok=True)
        return Host(
            run_id=run_id,
            account=self.account,
            sagemaker=self.account.client("sagemaker"),
            store=self.store(),
            processes=Processes(),
            isolation=find_isolation(),
            interpreter=self.interpreter,
            home=self.state / "home",
            overrides={"MLFLOW_TRACKING_URI": f"sqlite:///{(self.state / 'mlflow' / 'mlflow.db').resolve()}"},
        )

    def store(self) -> ObjectStore:
        """Return the account's S3."""
        return ObjectStore(s3=self.account.client("s3"), kms=self.account.client("kms"))


def prepare_run(target: Target, machine: Machine) -> LocalRun:
    """Check everything that can be checked before a step runs, and open the run's record.

    Raises:
        UserError: the pipeline is not deployed or cannot be run here, a parameter is wrong, or there is no data.
    """
    require_interpreter(machine.interpreter)
    description = deployed_pipeline(machine.account, target.pipeline)
    plan = make_plan(description["PipelineDefinition"], given=target.given, runnable=HANDLERS.keys())
    _require_input_data(plan, machine.store(), target.use_case)
    types = {step.name: step.type for step in plan.definition.steps}
    record = RunRecord(
        run_id=machine.runs.new_id(),
        pipeline=target.pipeline,
        use_case=target.use_case,
        environment=target.environment,
        parameters=dict(plan.parameters),
        definition_sha256=hashlib.sha256(plan.text.encode()).hexdigest(),
        steps=[StepRecord(name, types[name]) for name in plan.waits],
    )
    return _ready(plan, record, machine, description)


def resume_run(record: RunRecord, machine: Machine) -> LocalRun:
    """Make a run that failed, was stopped or was killed ready to go on: what has succeeded is kept, the rest runs.

    The run goes on with its own definition and parameters, whatever is deployed by now.

    Raises:
        UserError: it has succeeded, its pipeline is gone, or its definition was not kept.
    """
    if record.status is Status.SUCCEEDED:
        raise UserError(f"run {record.run_id} has succeeded; there is nothing to resume")
    require_interpreter(machine.interpreter)
    description = deployed_pipeline(machine.account, record.pipeline)
    try:
        text = (machine.runs.path(record.run_id) / "definition.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"run {record.run_id} has no definition.json any more", hint="start a new run") from error
    if hashlib.sha256(text.encode()).hexdigest() != record.definition_sha256:
        raise UserError(
            f"the definition.json of run {record.run_id} is not the one that it ran", hint="start a new run"
        )
    given = {name: _text(value) for name, value in record.parameters.items()}
    plan = make_plan(text, given=given, runnable=HANDLERS.keys())
    if sorted(step.name for step in record.steps) != sorted(plan.waits):
        raise UserError(
            f"the record of run {record.run_id} is not about the steps of its definition", hint="start a new run"
        )
    store = machine.store()
    for step in record.steps:
        if step.status is Status.SUCCEEDED and not (_knows_its_outcome(step) and _left(step, store)):
            step.status = Status.NOT_RUN
        if step.status is not Status.SUCCEEDED:
            step.status, step.reason, step.started, step.ended = Status.NOT_RUN, "", "", ""
    record.status, record.reason, record.ended = Status.EXECUTING, "", ""
    return _ready(plan, record, machine, description)


def _ready(plan: Plan, record: RunRecord, machine: Machine, description: Mapping[str, Any]) -> LocalRun:
    host = machine.host(record.run_id)
    limit = (description.get("ParallelismConfiguration") or {}).get("MaxParallelExecutionSteps", machine.workers)
    runner = Runner(
        plan,
        host,
        record=record,
        runs=machine.runs,
        pipeline_arn=description["PipelineArn"],
        workers=max(1, min(machine.workers, limit)),
        keep_workspaces=machine.keep_workspaces,
        cache=StepCache(machine.state / "cache", host.store) if machine.use_cache else None,
    )
    return LocalRun(record, machine.runs.path(record.run_id), runner)


def _text(value: ParameterValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _left(step: StepRecord, store: ObjectStore) -> bool:
    """Tell whether the account still has what a step left."""
    try:
        return all(store.tags(uri) for uri in step.artifacts if uri.startswith("s3://"))
    except StepFailed:  # a bucket that is gone, an address that is none
        return False


def _knows_its_outcome(step: StepRecord) -> bool:
    return step.type != "Condition" or isinstance(step.properties.get("Outcome"), bool)


def require_interpreter(interpreter: Path) -> None:
    """Check that the pipeline's own virtual environment exists.

    Raises:
        UserError: it does not.
    """
    if not interpreter.exists():
        raise UserError(f"the pipeline's environment is missing: there is no {interpreter}", hint="run `make install`")


def _require_input_data(plan: Plan, store: ObjectStore, use_case: str) -> None:
    uri = plan.parameters.get(INPUT_DATA_PARAMETER)
    if uri is None:
        return
    try:
        with reachable():
            found = bool(store.list_keys(str(uri)))
    except StepFailed as error:
        raise UserError(f"the input data cannot be read: {error}") from error
    if not found:
        delivered = f"put some with `govml data put {use_case} FILE.csv` or `govml data sample {use_case}`"
        taken_in = f"bring delivered files in with `govml data ingest {use_case}`"
        raise UserError(
            f"there is no input data under {uri}", hint=taken_in if str(uri).endswith(".manifest") else delivered
        )
