"""Puts a run together: the deployed definition, the account, directories and interpreter of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from govml.errors import UserError
from govml.execution.account import Account, deployed_pipeline, reachable
from govml.execution.failures import StepFailed
from govml.execution.isolation import find_isolation
from govml.execution.jobs import HANDLERS
from govml.execution.jobs.job import Host
from govml.execution.objects import ObjectStore
from govml.execution.plan import Plan, make_plan
from govml.execution.processes import Processes
from govml.execution.record import RunRecord, RunStore, StepRecord
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


def prepare_run(
    target: Target,
    *,
    account: Account,
    state: Path,
    interpreter: Path,
    workers: int = DEFAULT_WORKERS,
    keep_workspaces: bool = False,
) -> LocalRun:
    """Check everything that can be checked before a step runs, and open the run's record.

    Args:
        target: what to run.
        account: where the pipeline is deployed.
        state: directory of the local account's state; runs go to `runs/`, the tracking store to `mlflow/`.
        interpreter: Python that has the pipeline's dependencies.
        workers: how many steps may run at once; the pipeline's own limit counts if it is lower.
        keep_workspaces: keep the `/opt/ml` directories of succeeded steps too.

    Raises:
        UserError: the pipeline is not deployed or cannot be run here, a parameter is wrong, or there is no data.
    """
    require_interpreter(interpreter)
    description = deployed_pipeline(account, target.pipeline)
    plan = make_plan(description["PipelineDefinition"], given=target.given, runnable=HANDLERS.keys())
    store = ObjectStore(s3=account.client("s3"), kms=account.client("kms"))
    _require_input_data(plan, store, target.use_case)

    runs = RunStore(state / "runs")
    run_id = runs.new_id()
    for name in ("home", "mlflow"):
        (state / name).mkdir(parents=True, exist_ok=True)
    host = Host(
        run_id=run_id,
        account=account,
        sagemaker=account.client("sagemaker"),
        store=store,
        processes=Processes(),
        isolation=find_isolation(),
        interpreter=interpreter,
        home=state / "home",
        overrides={"MLFLOW_TRACKING_URI": f"sqlite:///{(state / 'mlflow' / 'mlflow.db').resolve()}"},
    )
    limit = (description.get("ParallelismConfiguration") or {}).get("MaxParallelExecutionSteps", workers)
    types = {step.name: step.type for step in plan.definition.steps}
    record = RunRecord(
        run_id=run_id,
        pipeline=target.pipeline,
        use_case=target.use_case,
        environment=target.environment,
        parameters=dict(plan.parameters),
        definition_sha256=hashlib.sha256(plan.text.encode()).hexdigest(),
        steps=[StepRecord(name, types[name]) for name in plan.waits],
    )
    runner = Runner(
        plan,
        host,
        record=record,
        runs=runs,
        pipeline_arn=description["PipelineArn"],
        workers=max(1, min(workers, limit)),
        keep_workspaces=keep_workspaces,
    )
    return LocalRun(record, runs.path(run_id), runner)


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
