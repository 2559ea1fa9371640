"""Pipeline parameters: names, types, defaults; each is used."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from govml_pipeline.authoring.validator.expressions import walk

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,),
}  # fmt: skip
_MEMBERS: Final = frozenset({"Name", "Type", "DefaultValue", "EnumValues"})
_LARGEST: Final = 2**31 - 1  # the service's Integer


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on the definition's parameters."""
    findings: list[str] = []
    used = {
        expression["Get"].removeprefix("Parameters.")
        for _, expression in walk(definition.get("Steps"), "Steps")
        if isinstance(expression.get("Get"), str) and expression["Get"].startswith("Parameters.")
    }
    names: set[str] = set()
    for parameter in definition.get("Parameters", []):
        name = parameter["Name"]
        path = f"Parameters.{name}"
        if not re.fullmatch(r"[A-Za-z0-9](-*[A-Za-z0-9_])*", name):
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
    types = _TYPES.get(parameter["Type"])
    if types is None:
        return [*findings, f"{path}: type {parameter.get('Type')!r} is none of {', '.join(_TYPES)}"]
    if "DefaultValue" not in parameter:
        findings.append(f"{path}: no default; a scheduled run has nobody who gives a value")
    given = parameter.get("EnumValues", [])
    if not isinstance(given, list) or ("EnumValues" in parameter and not given):
        return [*findings, f"{path}: EnumValues is no list of values"]
    values = list(given)
    if len({str(value) for value in values}) != len(values):
        findings.append(f"{path}: a value twice among EnumValues")
    if "DefaultValue" in parameter:
        if values and parameter["DefaultValue"] not in values:
            findings.append(f"{path}: the default is none of its values")
        values.append(parameter["DefaultValue"])
    for value in values:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            findings.append(f"{path}: {value!r} is no {parameter['Type']}")
        elif isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= _LARGEST:
            findings.append(f"{path}: {value!r} is not within 0 and {_LARGEST}")
        elif value == "":
            findings.append(f"{path}: an empty text")
    return findings + _criteria(parameter, path)


def _criteria(parameter: dict[str, Any], path: str) -> list[str]:
    """Acceptance criteria are JSON in a text, `{metric: {"max": limit}}` or `{"min": limit}`."""
    if parameter["Name"] != "AcceptanceCriteria" or not isinstance(parameter.get("DefaultValue"), str):
        return []
    try:
        criteria = json.loads(parameter["DefaultValue"])
    except ValueError as error:
        return [f"{path}: the default is no JSON: {error}"]
    good = isinstance(criteria, dict) and bool(criteria) and all(_is_limit(bound) for bound in criteria.values())
    return [] if good else [f'{path}: the default is not of the form {{"<metric>": {{"max": number}}}}']


def _is_limit(bound: Any) -> bool:
    return (
        isinstance(bound, dict)
        and len(bound) == 1
        and set(bound) <= {"max", "min"}
        and all(isinstance(limit, int | float) and not isinstance(limit, bool) for limit in bound.values())
    )
