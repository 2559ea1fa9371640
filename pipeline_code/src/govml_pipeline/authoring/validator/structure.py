"""The skeleton of a definition: objects, lists and names where they must be. All other checks may rely on it."""

from __future__ import annotations

import re
from typing import Any, Final

_TOP: Final = frozenset({"Version", "Metadata", "Parameters", "Steps", "PipelineExperimentConfig"})
_BRANCHES: Final = ("IfSteps", "ElseSteps")
_NAME: Final = re.compile(r"[A-Za-z0-9](-*[A-Za-z0-9_])*")


def check(definition: Any) -> list[str]:
    """Return findings on the form of a definition."""
    if not isinstance(definition, dict):
        return ["the definition is no object"]
    findings = [f"unknown member {name!r}" for name in sorted(definition.keys() - _TOP)]
    if definition.get("Version") != "2020-12-01":
        findings.append("Version is not 2020-12-01")
    if not isinstance(definition.get("Metadata", {}), dict):
        findings.append("Metadata is no object")
    parameters = definition.get("Parameters", [])
    if not _objects(parameters):
        return [*findings, "Parameters is no list of objects"]
    findings += [
        f"Parameters[{position}]: {member} is no text"
        for position, parameter in enumerate(parameters)
        for member in ("Name", "Type")
        if not isinstance(parameter.get(member), str)
    ]
    return findings + _steps(definition.get("Steps"), "Steps", empty=False)


def _steps(steps: Any, path: str, *, empty: bool) -> list[str]:
    if not _objects(steps) or not (steps or empty):
        return [f"{path}: no list of steps"]
    return [finding for position, step in enumerate(steps) for finding in _step(step, f"{path}[{position}]")]


def _step(step: dict[str, Any], path: str) -> list[str]:
    name, arguments = step.get("Name"), step.get("Arguments")
    if not isinstance(name, str) or len(name) > 64 or not _NAME.fullmatch(name):
        return [f"{path}: {name!r} is no valid step name"]
    findings = [
        f"{name}: {member} is no text"
        for member in ("Type", "DisplayName", "Description")
        if not isinstance(step.get(member, None if member == "Type" else ""), str)
    ]
    if not isinstance(arguments, dict) or not arguments:
        return [*findings, f"{name}: no arguments"]
    depends = step.get("DependsOn", [])
    if not isinstance(depends, list) or not all(isinstance(other, str) for other in depends):
        findings.append(f"{name}: DependsOn is no list of step names")
    elif len(set(depends)) != len(depends):
        findings.append(f"{name}: DependsOn names a step twice")
    findings += [
        f"{name}: {member} is no list of objects"
        for member in ("PropertyFiles", "RetryPolicies")
        if not _objects(step.get(member, []))
    ]
    if step.get("Type") == "Condition":
        if not _objects(arguments.get("Conditions")):
            findings.append(f"{name}: Conditions is no list of objects")
        for branch in _BRANCHES:
            findings += _steps(arguments.get(branch), f"{name}.{branch}", empty=True)
    return findings


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
