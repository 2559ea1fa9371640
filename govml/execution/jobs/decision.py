"""Steps without a job: the condition that chooses a branch, and the one that ends the run as failed."""

from __future__ import annotations

from govml.execution.conditions import holds
from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job, StepResult


def decide(job: Job) -> StepResult:
    """Evaluate a condition step; its property `Outcome` is true if all of its conditions hold.

    Raises:
        StepFailed: there is no condition, or one cannot be evaluated.
    """
    conditions = job.arguments.get("Conditions")
    if not isinstance(conditions, list) or not conditions:
        raise StepFailed("a condition step without conditions")
    outcomes = [holds(condition) for condition in conditions]  # all of them: none may be unreadable
    return StepResult(properties={"Outcome": all(outcomes)})


def fail(job: Job) -> StepResult:
    """End the run, as a pipeline's Fail step does.

    Raises:
        StepFailed: always, with the step's ErrorMessage.
    """
    raise StepFailed(str(job.arguments.get("ErrorMessage") or "the pipeline's Fail step was reached"))
