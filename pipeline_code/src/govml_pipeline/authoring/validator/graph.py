"""References between steps: what they name exists, lies where it can be read, and makes no circle."""

from __future__ import annotations

from typing import Any, Final

from govml_pipeline.authoring.validator import property_files
from govml_pipeline.authoring.validator.expressions import EXECUTION_VARIABLES, tokens, walk
from govml_pipeline.authoring.validator.model import flatten, property_shape

#: Types that a value of a request, or a part of a text, may come from.
_VALUES: Final = frozenset({"string", "integer", "long", "float", "double", "boolean"})


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
        findings += property_files.check(step, _outputs(step))
        findings += _references(step, by_name, parameters, after[step["Name"]])
        if step["Name"] in branch_of:
            after[step["Name"]].add(branch_of[step["Name"]])
        for other in after[step["Name"]]:
            if other in branch_of and step["Name"] not in branch_of:
                findings.append(f"{step['Name']}: {other} lies in a branch of {branch_of[other]} and may not have run")
    return findings + _circles(after)


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
        if "Std:JsonGet" in expression and (wrong := _contents(expression, by_name)):
            findings.append(f"{path}: {wrong}")
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
        known = [file.get("PropertyFileName") for file in step.get("PropertyFiles", [])]
        return None if len(rest) == 2 and rest[1] in known else f"{name} has no property file {rest[1:]}"
    if rest[:2] == ["ProcessingOutputConfig", "Outputs"] and rest[2:3] and rest[2] not in _outputs(step):
        return f"{name} has no output {rest[2]!r}"
    found = property_shape(step["Type"], rest)
    if isinstance(found, str):
        return found
    return None if found.type_name in _VALUES else f"{reference} is a {found.type_name}"


def _contents(expression: dict[str, Any], by_name: dict[str, dict[str, Any]]) -> str | None:
    """Say that a JsonGet reads what its file does not hold."""
    content = expression["Std:JsonGet"]
    parts = tokens(str(content["PropertyFile"].get("Get", "")).removeprefix("Steps.")) or []
    if len(parts) != 3 or parts[1] != "PropertyFiles":
        return f"reads {content['PropertyFile']!r}, which is no property file"
    files = by_name.get(parts[0], {}).get("PropertyFiles", [])
    paths = [file.get("FilePath") for file in files if file.get("PropertyFileName") == parts[2]]
    return property_files.content_missing(paths[0], content["Path"]) if paths else None


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
