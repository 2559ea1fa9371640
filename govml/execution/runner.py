"""Runs a plan: every step as soon as those before it have succeeded, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from govml.errors import UserError
from govml.execution.cache import StepCache
from govml.execution.definition import Step
from govml.execution.failures import StepFailed, disk_full
from govml.execution.jobs import HANDLERS, Handler
from govml.execution.jobs.job import Host, StepResult
from govml.execution.plan import Plan
from govml.execution.record import RunRecord, RunStore, Status, StepRecord, now
from govml.execution.run_lock import locked
from govml.execution.step_execution import StepExecutor
from govml.execution.values import Resolver
from govml.execution.variables import execution_variable

Listener = Callable[[StepRecord], None]
# A signal that arrives just before a call blocks is seen when the call returns: so none blocks for longer than this.
_SIGNAL_SECONDS = 1.0


class Runner:
    """One run of one plan; call `run` once.

    Args:
        plan: what to run.
        host: what the jobs share.
        record: the run's record, all steps NotRun; it is kept up to date, in memory and on disk.
        runs: where the record and the steps' directories are.
        pipeline_arn: for the execution variables.
        workers: how many steps may run at once.
        keep_workspaces: keep the steps' `/opt/ml` directories; those of failed steps are kept anyway.
        cache: results of earlier runs; None: every step runs.
        handlers: what to do for each step type.
    """

    def __init__(
        self,
        plan: Plan,
        host: Host,
        *,
        record: RunRecord,
        runs: RunStore,
        pipeline_arn: str,
        workers: int,
        keep_workspaces: bool = False,
        cache: StepCache | None = None,
        handlers: Mapping[str, Handler] = HANDLERS,
    ) -> None:
        self._plan = plan
        self._host = host
        self._record = record
        self._runs = runs
        self._workers = workers
        self._listener: Listener = lambda _: None
        # Of a run that is resumed, what its steps left before.
        self._properties: dict[str, Mapping[str, Any]] = {
            step.name: step.properties for step in record.steps if step.status is Status.SUCCEEDED
        }
        self._steps = {step.name: step for step in plan.definition.steps}
        resolver = Resolver(
            plan.definition,
            parameters=plan.parameters,
            execution=lambda name: execution_variable(name, record, pipeline_arn),
            properties=self._properties,
            read_object=host.store.read,
        )
        self._executor = StepExecutor(host, resolver, handlers, cache, keep_workspaces)

    def run(self, listener: Listener = lambda _: None) -> RunRecord:
        """Run to the end, to the first failure, or to Ctrl-C; return the record, which says which it was.

        After a failure no further step starts; those that are running end by themselves.

        Args:
            listener: called in the caller's thread whenever a step changes state, and now and then while one runs.

        Raises:
            UserError: another process works on this run, or its record cannot be written.
        """
        self._listener = listener
        self._record.started = self._record.started or now()
        try:
            with locked(self._runs.path(self._record.run_id)):
                return self._run()
        except OSError as error:
            # Only its record is written here; a step's own trouble has been entered in it.
            raise UserError(
                f"the record of run {self._record.run_id} cannot be written: {error.strerror or error}",
                hint=f"free some space, then `govml pipeline resume {self._record.run_id}`",
            ) from error

    def _run(self) -> RunRecord:
        (self._runs.path(self._record.run_id) / "definition.json").write_text(self._plan.text, encoding="utf-8")
        self._runs.save(self._record)
        running: dict[Future[StepResult], str] = {}
        try:
            with ThreadPoolExecutor(self._workers, thread_name_prefix="step") as pool:
                try:
                    self._schedule(pool, running)
                except BaseException:
                    self._stop_processes()  # before the pool waits for its threads
                    raise
        except KeyboardInterrupt:
            self._close(Status.STOPPED, "stopped by the user")
        except OSError:  # the record cannot be written: what is on disk says that the run was cut off, which is true
            raise
        except BaseException as error:
            self._close(Status.FAILED, f"the executor itself failed: {error!r}")
            raise
        else:
            failed = [step.name for step in self._record.steps if step.status is Status.FAILED]
            if failed:
                self._close(Status.FAILED, f"failed at {', '.join(failed)}")
            else:
                self._close(Status.SUCCEEDED, "")
        return self._record

    def _schedule(self, pool: ThreadPoolExecutor, running: dict[Future[StepResult], str]) -> None:
        pending = [name for name in self._plan.waits if name not in self._properties]
        failed = False
        while pending or running:
            for name in pending if not failed else ():
                if len(running) < self._workers and self._ready(name):
                    pending.remove(name)
                    running[self._start(pool, self._steps[name])] = name
                    break
            else:
                if not running:
                    return  # what is still pending is on a branch that was not taken, or behind a failure
                ended = wait(running, timeout=_SIGNAL_SECONDS, return_when=FIRST_COMPLETED).done
                for name in running.values():
                    self._listener(self._record.step(name))
                for future in ended:
                    failed |= not self._end(self._record.step(running.pop(future)), future)

    def _ready(self, name: str) -> bool:
        branch = self._steps[name].branch
        return all(before in self._properties for before in self._plan.waits[name]) and (
            branch is None or self._properties[branch.condition]["Outcome"] is branch.when
        )

    def _start(self, pool: ThreadPoolExecutor, step: Step) -> Future[StepResult]:
        entry = self._record.step(step.name)
        directory = self._runs.path(self._record.run_id) / "steps" / step.name
        if directory.exists():  # what an earlier attempt left
            directory.rename(directory.with_name(f"{step.name}.attempt{entry.attempts}"))
        directory.mkdir(parents=True)
        entry.attempts += 1
        entry.status, entry.started, entry.log = Status.EXECUTING, now(), str(directory / "log.txt")
        self._changed(entry)
        return pool.submit(self._executor.execute, step, directory)

    def _end(self, entry: StepRecord, future: Future[StepResult]) -> bool:
        """Enter the outcome of a step; return whether it succeeded."""
        entry.ended = now()
        try:
            result = future.result()
        except StepFailed as error:
            entry.status, entry.reason = Status.FAILED, error.reason
            entry.log = str(error.log or entry.log)
        except (Boto3Error, BotoCoreError, ClientError, OSError) as error:
            # The account went away, the disk is full: the step failed, and not through its own fault.
            entry.status, entry.reason = Status.FAILED, f"the platform failed: {error}{_advice(error)}"
        else:
            entry.status = Status.SUCCEEDED
            entry.job_name, entry.isolation = result.job_name, result.isolation
            entry.cached_from = result.cached_from
            entry.trials = [dict(trial) for trial in result.trials]
            entry.artifacts, entry.properties = list(result.artifacts), dict(result.properties)
            if entry.type == "RegisterModel":
                self._record.model_package_arn = entry.properties["ModelPackageArn"]
            self._properties[entry.name] = entry.properties
        self._changed(entry)
        return entry.status is Status.SUCCEEDED

    def _stop_processes(self) -> None:
        try:
            self._host.processes.stop()
        except KeyboardInterrupt:  # a second Ctrl-C: no more patience
            self._host.processes.stop(grace_seconds=0)

    def _close(self, status: Status, reason: str) -> None:
        for entry in self._record.steps:
            if entry.status is Status.EXECUTING:
                entry.status, entry.ended = Status.STOPPED, now()
                self._listener(entry)
        self._record.status, self._record.reason, self._record.ended = status, reason, now()
        self._runs.save(self._record)

    def _changed(self, entry: StepRecord) -> None:
        self._runs.save(self._record)
        self._listener(entry)


def _advice(error: Exception) -> str:
    return ". The disk is full: free some space, then resume the run" if disk_full(error) else ""
