"""Checks a step's resolved arguments against the shape of the request that SageMaker would get."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from govml.execution.failures import StepFailed

# step type -> (operation, the member that the Pipelines service adds by itself)
OPERATIONS: Mapping[str, tuple[str, str | None]] = {
    "Processing": ("CreateProcessingJob", "ProcessingJobName"),
    "Training": ("CreateTrainingJob", "TrainingJobName"),
    "Tuning": ("CreateHyperParameterTuningJob", "HyperParameterTuningJobName"),
    "Transform": ("CreateTransformJob", "TransformJobName"),
    "Model": ("CreateModel", "ModelName"),
    "RegisterModel": ("CreateModelPackage", None),
}


@functools.cache
def _input_shape(operation: str) -> Any:
    return botocore.session.get_session().get_service_model("sagemaker").operation_model(operation).input_shape


def check_request(step_type: str, arguments: Mapping[str, Any], job_name: str) -> None:
    """Check types, required and unknown members; step types without a request pass.

    Raises:
        StepFailed: SageMaker's client would refuse the request; the reason lists every finding.
    """
    if step_type not in OPERATIONS:
        return
    operation, name_member = OPERATIONS[step_type]
    request = {**arguments, name_member: job_name} if name_member else dict(arguments)
    report = ParamValidator().validate(request, _input_shape(operation))
    if report.has_errors():
        raise StepFailed(f"{operation} would refuse the arguments:\n{report.generate_report()}")
