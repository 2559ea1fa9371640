"""What each step type does, one module each; `HANDLERS` is the list of what the executor can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govml.execution.jobs.decision import decide, fail
from govml.execution.jobs.job import Job, StepResult
from govml.execution.jobs.model import create_model
from govml.execution.jobs.processing import run_processing
from govml.execution.jobs.register import register_model
from govml.execution.jobs.training import run_training
from govml.execution.jobs.transform import run_transform
from govml.execution.jobs.tuning import run_tuning

Handler = Callable[[Job], StepResult]

HANDLERS: Mapping[str, Handler] = {
    "Condition": decide,
    "Fail": fail,
    "Model": create_model,
    "Processing": run_processing,
    "RegisterModel": register_model,
    "Training": run_training,
    "Transform": run_transform,
    "Tuning": run_tuning,
}

__all__ = ["HANDLERS", "Handler", "Job", "StepResult"]
