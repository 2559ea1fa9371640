"""References between steps: what they name exists, lies where it can be read, and makes no circle."""

from __future__ import annotations

from typing import Any, Final

from botocore.model import Shape

from govml_pipeline.authoring.validator.expressions import EXECUTION_VARIABLES, tokens, walk
from govml_pipeline.authoring.validator.steps import flatten, service_model

#: API whose answer a step's properties are.
_PROPERTIES: Final = {
    "Processing": "DescribeProcessingJob",
    "Training": "DescribeTrainingJob",
    "Tuning": "DescribeHyperParameterTuningJob",
    "Transform": "DescribeTransformJob",
    "Model": "DescribeModel",
    "RegisterModel": "DescribeModelPackage",
}


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on references and order."""
    steps = list(flatten(definition["Steps"]))
    names = [step["Name"] for step in steps]
    findings = [f"step {name} is defined twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if findings:
        return findings
    by_name = {step["Name"]: step for step in steps}
    branch_of = {
        child["Name"]: step["Name"]
        for step in steps
        if step["Type"] == "Condition"
        for branch in ("IfSteps", "ElseSteps")
        for child in flatten(step["Arguments"][branch])
    }
    parameters = {parameter["Name"] for parameter in definition.get("Parameters", [])}
    after: dict[str, set[str]] = {name: set() for name in names}
    for step in steps:
        findings += _property_files(step)
        findings += _references(step, by_name, parameters, after[step["Name"]])
        if step["Name"] in branch_of:
            after[step["Name"]].add(branch_of[step["Name"]])
        for other in after[step["Name"]]:
            if other in branch_of and step["Name"] not in branch_of:
                findings.append(f"{step['Name']}: {other} lies in a branch of {branch_of[other]} and may not have run")
    return findings + _circles(after)


def _property_files(step: dict[str, Any]) -> list[str]:
    outputs = _outputs(step)
    files = step.get("PropertyFiles", [])
    findings = [
        f"{step['Name']}: property file {file.get('PropertyFileName')!r} of unknown output {file.get('OutputName')!r}"
        for file in files
        if file.get("OutputName") not in outputs
    ]
    if any(not str(file.get("FilePath") or "").endswith(".json") for file in files):
        findings.append(f"{step['Name']}: a property file is no JSON file")
    names = [file.get("PropertyFileName") for file in files]
    return findings + [f"{step['Name']}: two property files {name}" for name in set(names) if names.count(name) > 1]


def _outputs(step: dict[str, Any]) -> set[str]:
    config = step["Arguments"].get("ProcessingOutputConfig", {})
    return {output["OutputName"] for output in config.get("Outputs", [])}


def _references(
    step: dict[str, Any], by_name: dict[str, dict[str, Any]], parameters: set[str], after: set[str]
) -> list[str]:
    """Check the references of one step; add the steps that it waits for to `after`."""
    findings: list[str] = []
    for other in step.get("DependsOn", []):
        if other not in by_name:
            findings.append(f"{step['Name']}: depends on unknown step {other!r}")
        else:
            after.add(other)
    arguments = step["Arguments"]
    own = {"Conditions": arguments["Conditions"]} if step["Type"] == "Condition" else arguments
    for path, expression in walk(own, step["Name"]):
        if "Get" not in expression:
            continue
        kind, _, rest = expression["Get"].partition(".")
        if kind == "Parameters":
            wrong = None if rest in parameters else f"unknown parameter {rest!r}"
        elif kind == "Execution":
            wrong = None if rest in EXECUTION_VARIABLES else f"unknown execution variable {rest!r}"
        elif kind == "Steps":
            wrong = _step_reference(rest, by_name, after)
        else:
            wrong = f"odd reference {expression['Get']!r}"
        if wrong:
            findings.append(f"{path}: {wrong}")
    return findings


def _step_reference(reference: str, by_name: dict[str, dict[str, Any]], after: set[str]) -> str | None:
    parts = tokens(reference)
    if not parts or len(parts) < 2:
        return f"odd reference {reference!r}"
    name, *rest = parts
    if name not in by_name:
        return f"unknown step {name!r}"
    after.add(name)
    step = by_name[name]
    if rest[0] == "PropertyFiles":
        known = {file["PropertyFileName"] for file in step.get("PropertyFiles", [])}
        return None if len(rest) == 2 and rest[1] in known else f"{name} has no property file {rest[1:]}"
    if step["Type"] not in _PROPERTIES:
        return f"a {step['Type']} step has no properties"
    if rest[:2] == ["ProcessingOutputConfig", "Outputs"] and rest[2:3] and rest[2] not in _outputs(step):
        return f"{name} has no output {rest[2]!r}"
    operation = service_model().operation_model(_PROPERTIES[step["Type"]])
    return _resolve(operation.output_shape, rest) if operation.output_shape else None


def _resolve(shape: Shape, path: list[str]) -> str | None:
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
    return None if shape.type_name not in ("structure", "list", "map") else f"ends at a {shape.type_name}"


def _circles(after: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()

    def visit(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [f"steps wait for each other: {' -> '.join([*trail[trail.index(name) :], name])}"]
        if name in done:
            return []
        found = [finding for other in sorted(after[name]) for finding in visit(other, [*trail, name])]
        done.add(name)
        return found

    return [finding for name in after for finding in visit(name, [])]
