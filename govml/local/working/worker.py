"""The worker: takes executions one after the other and runs each as `govml pipeline run` does."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.execution.local_run import Machine, Target, prepare_run
from govml.execution.record import Status
from govml.local.access import Connection
from govml.local.own_operations import ControlLost, call
from govml.local.working.figures import publish

_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Subject:
    """What a pipeline is about, by its name: its use case or data source, and the environment."""

    use_case: str
    environment: str


class Worker:
    """Runs the executions of the local account.

    Args:
        connection: the running local account.
        machine: what this machine lends to runs.
        subjects: pipeline name -> what it is about.
        tell: is told each start and end in a line.

    Raises:
        UserError: another worker runs them.
    """

    def __init__(
        self,
        connection: Connection,
        machine: Machine,
        subjects: Mapping[str, Subject],
        tell: Callable[[str], None],
    ) -> None:
        self._connection, self._machine, self._subjects, self._tell = connection, machine, subjects, tell
        try:
            self._session = self._call("attach", pid=os.getpid())["session"]
        except ControlLost as error:
            raise UserError(str(error), hint="end the other `govml local work` first") from error

    def work(self, stop: threading.Event, *, once: bool = False) -> None:
        """Run executions until told to stop; with `once` until none waits.

        Raises:
            UserError: the account is lost.
        """
        try:
            while not stop.is_set():
                taken = self._call("take", session=self._session)
                if taken:
                    self._run(taken)
                elif once:
                    return
                else:
                    stop.wait(_POLL_SECONDS)
        except ControlLost as error:
            raise UserError(f"the local account is lost: {error}", hint="start it with `govml local up`") from error
        finally:
            self._detach()

    def _run(self, taken: Mapping[str, Any]) -> None:
        pipeline, name = taken["pipeline"], taken["name"] or taken["arn"].rsplit("/", 1)[-1]
        self._tell(f"{pipeline}: {name} begins")
        status, reason = Status.FAILED, ""
        try:
            status, reason = self._execute(pipeline, taken["parameters"])
        except UserError as error:
            reason = str(error)
        except KeyboardInterrupt:
            status, reason = Status.STOPPED, "the worker was stopped"
            raise
        finally:
            self._call("report", session=self._session, arn=taken["arn"], status=status.value, reason=reason)
            self._tell(f"{pipeline}: {name} {status.value}{': ' if reason else ''}{reason}")

    def _execute(self, pipeline: str, parameters: Mapping[str, str]) -> tuple[Status, str]:
        subject = self._subjects.get(pipeline)
        if subject is None:
            raise UserError(f"{pipeline} is no pipeline of the agency file that this worker knows")
        local = prepare_run(Target(pipeline, subject.use_case, subject.environment, parameters), self._machine)
        record = local.runner.run()
        logs = [Path(step.log) for step in record.steps if step.log and not step.cached_from]
        publish(self._connection.client("cloudwatch"), logs)
        return record.status, record.reason

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return call(self._connection, f"/govml-executions/{operation}", **parameters)

    def _detach(self) -> None:
        try:
            self._call("detach", session=self._session)
        except ControlLost:
            return
