"""Steps one by one: known types and members, arguments of the right shape, expressions of the right form."""

from __future__ import annotations

from typing import Any, Final

from govml_pipeline.authoring.validator import interfaces, jobs, policies, searches, shapes
from govml_pipeline.authoring.validator.expressions import is_expression, malformed, tokens, walk
from govml_pipeline.authoring.validator.model import OPERATIONS, flatten, property_shape, request_shape

_CONTROL: Final = frozenset({"Condition", "Fail"})
_COMMON: Final = frozenset({"Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"})
_JOB_MEMBERS: Final = frozenset({"PropertyFiles", "RetryPolicies", "CacheConfig"})
_COMPARISONS: Final = frozenset({"Equals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"})
_ORDERED: Final = _COMPARISONS - {"Equals"}
_LONGEST_MESSAGE: Final = 3072  # of a Fail step: SageMaker developer guide, "Pipelines steps"
_TYPES: Final = {
    "string": "String", "integer": "Integer", "long": "Integer", "float": "Float", "double": "Float", "boolean": "Boolean",
}  # fmt: skip


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on the steps, each looked at by itself."""
    steps = list(flatten(definition["Steps"]))
    variables = {parameter.get("Name"): parameter for parameter in definition.get("Parameters", [])}
    variables |= _properties(steps)
    findings = [finding for step in steps for finding in _step(step, step["Name"], variables)]
    return findings or interfaces.subjects(steps)


def _properties(steps: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """Return the properties that steps refer to, in the form of parameters, so that their types are checked alike."""
    kinds = {step["Name"]: step.get("Type") for step in steps}
    found: dict[Any, dict[str, Any]] = {}
    for step in steps:
        for _, expression in walk(step.get("Arguments"), ""):
            reference = expression.get("Get")
            parts = tokens(reference.removeprefix("Steps.")) if isinstance(reference, str) else None
            if parts and str(reference).startswith("Steps.") and parts[0] in kinds:
                shape = property_shape(str(kinds[parts[0]]), parts[1:])
                if not isinstance(shape, str):
                    found[reference] = {"Name": reference, "Type": _TYPES.get(shape.type_name, shape.type_name)}
    return found


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
        findings += _job(step, name, parameters)
    elif kind == "Fail":
        message = arguments.get("ErrorMessage")
        text = isinstance(message, str) and 0 < len(message) <= _LONGEST_MESSAGE
        if set(arguments) != {"ErrorMessage"} or not (text or is_expression(message)):
            findings.append(f"{name}: a Fail step takes ErrorMessage, a text")
    else:
        findings += _condition(arguments, name)
    return findings


def _job(step: dict[str, Any], name: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    """Check a step that makes a request; what it means only where the request has the right shape."""
    shape, arguments = request_shape(step["Type"]), step["Arguments"]
    findings = shapes.check(shape, arguments, name, parameters) if shape else []
    if not findings:
        findings = _unique(arguments, name) + interfaces.check(step, name) + jobs.check(step, name, parameters)
        if step["Type"] == "Tuning":
            findings += searches.check(arguments, name, parameters)
    return findings + policies.check(step, name)


def _condition(arguments: dict[str, Any], name: str) -> list[str]:
    if set(arguments) != {"Conditions", "IfSteps", "ElseSteps"} or not arguments["Conditions"]:
        return [f"{name}: a Condition step takes Conditions, IfSteps and ElseSteps"]
    findings = []
    for position, condition in enumerate(arguments["Conditions"]):
        path = f"{name}.Conditions[{position}]"
        if str(condition.get("Type")) not in _COMPARISONS or set(condition) != {"Type", "LeftValue", "RightValue"}:
            findings.append(f"{path}: not a comparison of LeftValue and RightValue")
            continue
        operands = [condition["LeftValue"], condition["RightValue"]]
        if not all(is_expression(each) or isinstance(each, str | int | float) for each in operands):
            findings.append(f"{path}: compares what is neither a text, a number, true or false, nor a reference")
        elif condition["Type"] in _ORDERED and any(isinstance(each, str | bool) for each in operands):
            findings.append(f"{path}: {condition['Type']} compares numbers")
        if not any(is_expression(condition[side]) for side in ("LeftValue", "RightValue")):
            findings.append(f"{path}: compares two constants")
    if not arguments["IfSteps"] and not arguments["ElseSteps"]:
        findings.append(f"{name}: both branches are empty")
    return findings


def _unique(arguments: dict[str, Any], name: str) -> list[str]:
    """Names and local paths of a job's inputs and outputs differ from one another."""
    inputs = arguments.get("ProcessingInputs") or []
    outputs = (arguments.get("ProcessingOutputConfig") or {}).get("Outputs") or []
    channels = (arguments.get("TrainingJobDefinition") or arguments).get("InputDataConfig") or []
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
