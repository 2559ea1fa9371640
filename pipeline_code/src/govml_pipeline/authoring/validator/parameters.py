"""Pipeline parameters: names, types, defaults; each is used."""

from __future__ import annotations

import re
from typing import Any, Final

from govml_pipeline.authoring.validator.expressions import walk

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,),
}  # fmt: skip
_MEMBERS: Final = frozenset({"Name", "Type", "DefaultValue", "EnumValues"})


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on the definition's parameters, its version and its size."""
    findings: list[str] = []
    if definition.get("Version") != "2020-12-01":
        findings.append("Version is not 2020-12-01")
    if unknown := sorted(
        definition.keys() - {"Version", "Metadata", "Parameters", "Steps", "PipelineExperimentConfig"}
    ):
        findings.append(f"unknown members {unknown}")
    used = {
        expression["Get"].removeprefix("Parameters.")
        for _, expression in walk(definition.get("Steps"), "Steps")
        if isinstance(expression.get("Get"), str) and expression["Get"].startswith("Parameters.")
    }
    names: set[str] = set()
    for position, parameter in enumerate(definition.get("Parameters", [])):
        name = parameter.get("Name")
        path = f"Parameters.{name or position}"
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9](-*[A-Za-z0-9_])*", name):
            findings.append(f"{path}: no valid name")
            continue
        if name in names:
            findings.append(f"{path}: defined twice")
        names.add(name)
        findings += _parameter(parameter, path)
        if name not in used:
            findings.append(f"{path}: never used")
    return findings


def _parameter(parameter: dict[str, Any], path: str) -> list[str]:
    findings = [f"{path}.{member}: unknown member" for member in sorted(parameter.keys() - _MEMBERS)]
    types = _TYPES.get(parameter.get("Type", ""))
    if types is None:
        return [*findings, f"{path}: type {parameter.get('Type')!r} is none of {', '.join(_TYPES)}"]
    values = list(parameter.get("EnumValues", []))
    if "DefaultValue" in parameter:
        if values and parameter["DefaultValue"] not in values:
            findings.append(f"{path}: the default is none of its values")
        values.append(parameter["DefaultValue"])
    for value in values:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            findings.append(f"{path}: {value!r} is no {parameter['Type']}")
    return findings
