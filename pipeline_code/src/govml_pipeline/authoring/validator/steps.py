"""Steps one by one: known types and members, arguments of the right shape, expressions of the right form."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, Final

import botocore.session
from botocore.model import ServiceModel

from govml_pipeline.authoring.validator import shapes
from govml_pipeline.authoring.validator.expressions import is_expression, malformed, walk

#: API whose request a step's arguments are.
OPERATIONS: Final = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "Tuning": "CreateHyperParameterTuningJob",
    "Transform": "CreateTransformJob",
    "Model": "CreateModel",
    "RegisterModel": "CreateModelPackage",
}
_CONTROL: Final = frozenset({"Condition", "Fail"})
_COMMON: Final = frozenset({"Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"})
_JOB_MEMBERS: Final = frozenset({"PropertyFiles", "RetryPolicies", "CacheConfig"})
_COMPARISONS: Final = frozenset({"Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"})
_EXCEPTIONS: Final = re.compile(
    r"Step\.(SERVICE_FAULT|THROTTLING)|SageMaker\.(JOB_INTERNAL_ERROR|CAPACITY_ERROR|RESOURCE_LIMIT)"
)


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


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on the steps, each looked at by itself."""
    parameters = {parameter.get("Name"): parameter for parameter in definition.get("Parameters", [])}
    findings: list[str] = []
    for step in flatten(definition.get("Steps", [])):
        name = step.get("Name")
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9\-_]{1,64}", name):
            findings.append(f"{name!r} is no valid step name")
            continue
        findings += _step(step, name, parameters)
    return findings


def _step(step: dict[str, Any], name: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    kind, arguments = step.get("Type"), step.get("Arguments")
    if kind not in OPERATIONS and kind not in _CONTROL:
        return [f"{name}: type {kind!r} is not known here"]
    if not isinstance(arguments, dict):
        return [f"{name}: no arguments"]
    allowed = _COMMON | (_JOB_MEMBERS if kind in OPERATIONS else frozenset())
    findings = [f"{name}.{member}: unknown member of a step" for member in sorted(step.keys() - allowed)]
    own = {"Conditions": arguments.get("Conditions")} if kind == "Condition" else arguments
    for path, expression in walk(own, name):
        if wrong := malformed(expression):
            findings.append(f"{path}: {wrong}")
    if kind in OPERATIONS:
        shape = service_model().operation_model(OPERATIONS[kind]).input_shape
        findings += shapes.check(shape, arguments, name, parameters) if shape else []
        findings += _unique(arguments, name) + _retries(step.get("RetryPolicies", []), name)
    elif kind == "Fail":
        message = arguments.get("ErrorMessage")
        if set(arguments) != {"ErrorMessage"} or not (isinstance(message, str) or is_expression(message)):
            findings.append(f"{name}: a Fail step takes ErrorMessage, a text")
    else:
        findings += _condition(arguments, name)
    return findings


def _condition(arguments: dict[str, Any], name: str) -> list[str]:
    if set(arguments) != {"Conditions", "IfSteps", "ElseSteps"} or not arguments["Conditions"]:
        return [f"{name}: a Condition step takes Conditions, IfSteps and ElseSteps"]
    findings = []
    for position, condition in enumerate(arguments["Conditions"]):
        path = f"{name}.Conditions[{position}]"
        if condition.get("Type") not in _COMPARISONS or set(condition) != {"Type", "LeftValue", "RightValue"}:
            findings.append(f"{path}: not a comparison of LeftValue and RightValue")
        elif not any(is_expression(condition[side]) for side in ("LeftValue", "RightValue")):
            findings.append(f"{path}: compares two constants")
    if not arguments["IfSteps"] and not arguments["ElseSteps"]:
        findings.append(f"{name}: both branches are empty")
    return findings


def _unique(arguments: dict[str, Any], name: str) -> list[str]:
    """Names and local paths of a job's inputs and outputs differ from one another."""
    inputs = arguments.get("ProcessingInputs") or []
    outputs = (arguments.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    channels = arguments.get("InputDataConfig") or []
    groups = {
        "input name": [item.get("InputName") for item in inputs],
        "output name": [item.get("OutputName") for item in outputs],
        "channel name": [item.get("ChannelName") for item in channels],
        "local path": [item.get("S3Input", {}).get("LocalPath") for item in inputs]
        + [item.get("S3Output", {}).get("LocalPath") for item in outputs],
    }
    return [
        f"{name}: {what} {value!r} is used twice"
        for what, values in groups.items()
        for value in sorted({str(value) for value in values if values.count(value) > 1})
    ]


def _retries(policies: list[dict[str, Any]], name: str) -> list[str]:
    findings = []
    for policy in policies:
        kinds = policy.get("ExceptionType", [])
        if not kinds or not all(_EXCEPTIONS.fullmatch(str(kind)) for kind in kinds):
            findings.append(f"{name}: retry policy for unknown exceptions {kinds}")
        if not 1 <= policy.get("MaxAttempts", 1) <= 20 or policy.get("IntervalSeconds", 1) < 1:
            findings.append(f"{name}: retry policy with impossible numbers")
    return findings
