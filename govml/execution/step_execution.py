"""Executes one step: its arguments resolved and checked, an earlier result of the same work looked for, the handler run."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.execution.cache import StepCache
from govml.execution.cache_environment import environment_digest
from govml.execution.cache_key import cache_key
from govml.execution.definition import Step
from govml.execution.jobs import Handler
from govml.execution.jobs.job import Host, Job, StepResult
from govml.execution.requests import check_request
from govml.execution.values import Resolver


@dataclass(frozen=True)
class StepExecutor:
    """What executing a step takes; used by several threads at once.

    Args:
        host: what the jobs share.
        resolver: puts values in place of references.
        handlers: what to do for each step type.
        cache: results of earlier runs; None: every step runs.
        keep_workspaces: keep the `/opt/ml` directories of steps that succeed.
    """

    host: Host
    resolver: Resolver
    handlers: Mapping[str, Handler]
    cache: StepCache | None
    keep_workspaces: bool

    def execute(self, step: Step, directory: Path) -> StepResult:
        """Run a step in a directory of its own, or return what an earlier run left of the same work.

        Raises:
            StepFailed: it ended without success.
        """
        arguments = self.resolver.resolve(step.arguments)
        job = Job(step.name, step.type, arguments, directory, self.host)
        check_request(step.type, arguments, job.name)
        key = self._key(step, arguments)
        if self.cache and key and step.cache and (found := self.cache.find(key, max_age=step.cache)):
            return found
        result = self.handlers[step.type](job)
        if self.cache and key:
            with contextlib.suppress(OSError):  # the result is good, it just will not be found again
                self.cache.keep(key, result, run_id=self.host.run_id)
        if not self.keep_workspaces:
            _clear(directory)
        return result

    def _key(self, step: Step, arguments: Mapping[str, Any]) -> str | None:
        """Return the cache key of a step; None: its result is not used again."""
        if not (self.cache and step.cache):
            return None
        installed = environment_digest(self.host.interpreter)
        return cache_key(step.type, arguments, self.host.store, environment=installed)


def _clear(directory: Path) -> None:
    """Remove the workspaces of a step: its own, and those of its trials and hosts."""
    for job in (directory, *directory.glob("trials/*")):
        for host in (job, *job.glob("hosts/*")):
            for leftover in ("opt-ml", "work", "archive"):
                shutil.rmtree(host / leftover, ignore_errors=True)
