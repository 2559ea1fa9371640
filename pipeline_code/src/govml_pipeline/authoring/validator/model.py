"""The service's own model of its requests and answers, as botocore has it, and the steps of a definition."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final

import botocore.session
from botocore.model import ServiceModel, Shape

#: API whose request a step's arguments are.
OPERATIONS: Final = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "Tuning": "CreateHyperParameterTuningJob",
    "Transform": "CreateTransformJob",
    "Model": "CreateModel",
    "RegisterModel": "CreateModelPackage",
}
#: APIs whose answers a step's properties are.
_PROPERTIES: Final = {
    "Processing": ("DescribeProcessingJob",),
    "Training": ("DescribeTrainingJob",),
    "Tuning": ("DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"),
    "Transform": ("DescribeTransformJob",),
    "Model": ("DescribeModel",),
    "RegisterModel": ("DescribeModelPackage",),
}


@functools.cache
def service_model() -> ServiceModel:
    """Botocore's model of the SageMaker API; reads local files only."""
    return botocore.session.Session().get_service_model("sagemaker")


def flatten(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all steps, those in the branches of conditions too."""
    for step in steps:
        yield step
        if step.get("Type") == "Condition":
            for branch in ("IfSteps", "ElseSteps"):
                yield from flatten(step.get("Arguments", {}).get(branch, []))


@functools.cache
def request_shape(kind: str) -> Shape | None:
    """Return the shape of the arguments of a type of steps."""
    return service_model().operation_model(OPERATIONS[kind]).input_shape


def property_shape(kind: str, path: list[str]) -> Shape | str:
    """Return the shape of a step's property, or what is wrong with the reference to it.

    Args:
        kind: type of the step.
        path: members, names and positions that lead to it.
    """
    wrong = f"a {kind} step has no properties"
    for operation in _PROPERTIES.get(kind, ()):
        shape = _answer_shape(operation)
        found = _resolve(shape, path) if shape else wrong
        if not isinstance(found, str):
            return found
        wrong = found if wrong.startswith("a ") else wrong
    return wrong


@functools.cache
def _answer_shape(operation: str) -> Shape | None:
    """A shape keeps what it has worked out about its members: making it anew would cost that time again."""
    return service_model().operation_model(operation).output_shape


def _resolve(shape: Shape, path: list[str]) -> Shape | str:
    for part in path:
        if shape.type_name == "structure":
            members: dict[str, Shape] = shape.members
            if part not in members:
                return f"{shape.name} has no member {part!r}"
            shape = members[part]
        elif shape.type_name == "list":
            shape = shape.member
        elif shape.type_name == "map":
            shape = shape.value
        else:
            return f"{part!r} below a {shape.type_name}"
    return shape if shape.type_name not in ("structure", "list", "map") else f"ends at a {shape.type_name}"
