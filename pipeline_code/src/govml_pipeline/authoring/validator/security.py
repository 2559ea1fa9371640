"""What this project promises of every job, asserted on the definition with its placeholders in place.

Every job is protected (`job_security`); nothing is hard-coded; no secret stands in it; no model approves itself.
"""

from __future__ import annotations

import re
from typing import Any, Final

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.validator import job_security
from govml_pipeline.authoring.validator.model import flatten
from govml_pipeline.authoring.validator.reading import at, objects, wanted

_NO_JOB: Final = frozenset({"Condition", "Fail"})
_SECRET_NAME: Final = re.compile(r"(?i)(password|passwd|secret|token|api_?key|credential|access_?key)")
_SECRET_VALUE: Final = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|\beyJ[A-Za-z0-9_-]{20,}")
_HARD_CODED: Final = re.compile(r"s3://(?!\$\{)|\barn:aws|\b[0-9]{12}\b|\bsubnet-|\bsg-|\bvpc-|https?://")


def check(definition: dict[str, Any]) -> list[str]:
    """Return the findings on the jobs of a definition whose placeholders are not filled in."""
    texts = _texts(definition, "definition")
    findings = [f"{path}: hard-coded {text!r}" for path, text in texts if _HARD_CODED.search(text)]
    findings += [f"{path}: looks like a secret" for path, text in texts if _SECRET_VALUE.search(text)]
    defaults = {parameter.get("Name"): parameter.get("DefaultValue") for parameter in definition.get("Parameters", [])}
    if "InputDataUri" in defaults:
        source = {"default": (defaults["InputDataUri"], open_values.RAW_DATA_URI)}
        findings += wanted("Parameters.InputDataUri", source)
    for step in flatten(definition.get("Steps", [])):
        name, kind = step.get("Name", "?"), step.get("Type")
        given = step.get("Arguments")
        arguments: dict[str, Any] = given if isinstance(given, dict) else {}
        if kind in job_security.CHECKS:
            findings += job_security.CHECKS[kind](name, arguments)
        elif kind == "RegisterModel":
            findings += _registration(name, arguments, defaults)
        elif kind not in _NO_JOB:
            findings.append(f"{name}: no security rule for steps of type {kind!r}")
        findings += [
            f"{name}: environment variable {variable} is named like a secret"
            for variable in _variables(arguments)
            if _SECRET_NAME.search(variable)
        ]
    return findings


def _registration(name: str, arguments: dict[str, Any], defaults: dict[Any, Any]) -> list[str]:
    """Whoever trains is not whoever approves: the pipeline registers models as pending."""
    status = arguments.get("ModelApprovalStatus")
    reference = status.get("Get", "") if isinstance(status, dict) else ""
    effective = defaults.get(reference.removeprefix("Parameters.")) if reference else status
    containers = objects(at(arguments, "InferenceSpecification", "Containers"))
    return wanted(
        name,
        {
            "approval status": (effective, "PendingManualApproval"),
            "code archive": (at(arguments, "CustomerMetadataProperties", "CodeArchive"), open_values.CODE_FILE),
            "data": (at(arguments, "CustomerMetadataProperties", "DatasetUri"), {"Get": "Parameters.InputDataUri"}),
            "images": ([at(container, "Image") for container in containers], [open_values.IMAGE_URI]),
        },
    )


def _variables(arguments: dict[str, Any]) -> list[str]:
    """Names of the environment variables of a job, of the trials of a tuning job too."""
    holders = (arguments.get("Environment"), at(arguments, "TrainingJobDefinition", "Environment"))
    return [name for holder in holders if isinstance(holder, dict) for name in holder]


def _texts(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _texts(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for position, item in enumerate(value) for found in _texts(item, f"{path}[{position}]")]
    return [(path, value)] if isinstance(value, str) else []
