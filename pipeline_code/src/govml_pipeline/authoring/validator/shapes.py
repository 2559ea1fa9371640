"""Values against botocore's shapes: required and unknown members, types, enumerations, patterns, lengths, ranges."""

from __future__ import annotations

import functools
import math
import re
from typing import Any, Final

from botocore.model import Shape

from govml_pipeline.authoring.validator.expressions import is_expression

_NUMBER: Final = frozenset({"Integer", "Float"})
_PARAMETER_TYPES: Final[dict[str, frozenset[str]]] = {
    "string": frozenset({"String"}),
    "boolean": frozenset({"Boolean"}),
    "integer": frozenset({"Integer"}),
    "long": frozenset({"Integer"}),
    "float": _NUMBER,
    "double": _NUMBER,
}
#: Members of a request that the pipelines service fills in itself.
FILLED_BY_SERVICE: Final = frozenset(
    {"ProcessingJobName", "TrainingJobName", "HyperParameterTuningJobName", "TransformJobName", "ModelName"}
)


def check(shape: Shape, value: Any, path: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    """Return the findings of a value against a shape.

    Args:
        shape: shape of a request or of a part of it.
        value: JSON value, with expressions in it.
        path: where the value stands, for the findings.
        parameters: pipeline parameters by name; where one is used, its default must fit.
    """
    if is_expression(value):
        return _expression(shape, value, path, parameters)
    if shape.type_name == "structure":
        return _structure(shape, value, path, parameters)
    if shape.type_name == "list":
        return _list(shape, value, path, parameters)
    if shape.type_name == "map":
        return _map(shape, value, path, parameters)
    return _scalar(shape, value, path)


def _list(shape: Shape, value: Any, path: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    if not isinstance(value, list):
        return [f"{path}: {_name(value)} instead of a list"]
    findings = _length(shape, len(value), path, "elements")
    for position, item in enumerate(value):
        findings += check(shape.member, item, f"{path}[{position}]", parameters)
    return findings


def _map(shape: Shape, value: Any, path: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {_name(value)} instead of a map"]
    findings = []
    for key, item in value.items():
        findings += check(shape.key, key, f"{path}.{key} (key)", parameters)
        findings += check(shape.value, item, f"{path}.{key}", parameters)
    return findings


def _structure(shape: Shape, value: Any, path: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {_name(value)} instead of an object"]
    members: dict[str, Shape] = shape.members
    findings = [f"{path}.{name}: unknown member of {shape.name}" for name in value if name not in members]
    findings += [
        f"{path}.{name}: required by {shape.name}"
        for name in shape.required_members
        if name not in value and name not in FILLED_BY_SERVICE
    ]
    for name, item in value.items():
        if name in members:
            findings += check(members[name], item, f"{path}.{name}", parameters)
    return findings


def _expression(shape: Shape, value: dict[str, Any], path: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    if shape.type_name not in _PARAMETER_TYPES:
        return [f"{path}: an expression where a {shape.type_name} is wanted"]
    kind, content = next(iter(value.items()))
    text = kind == "Std:Join" or (kind == "Get" and str(content).startswith("Execution."))
    if text and shape.type_name != "string":
        return [f"{path}: {kind} gives a string here, {shape.type_name} is wanted"]
    name = str(content).removeprefix("Parameters.") if kind == "Get" else None
    return _parameter(shape, parameters[name], path) if name in parameters else []  # unknown ones are found by `graph`


def _parameter(shape: Shape, parameter: dict[str, Any], path: str) -> list[str]:
    if parameter["Type"] not in _PARAMETER_TYPES[shape.type_name]:
        return [f"{path}: parameter {parameter['Name']} is a {parameter['Type']}, {shape.type_name} is wanted"]
    default = parameter.get("DefaultValue")
    where = f"{path} (default of {parameter['Name']})"
    return [] if default is None or is_expression(default) else _scalar(shape, default, where)


def _scalar(shape: Shape, value: Any, path: str) -> list[str]:
    if shape.type_name == "string":
        return _string(shape, value, path)
    if shape.type_name == "boolean":
        return [] if isinstance(value, bool) else [f"{path}: {_name(value)} instead of a boolean"]
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return [f"{path}: {_name(value)} instead of {'an integer' if whole else 'a number'}"]
    if not math.isfinite(value):
        return [f"{path}: {value} is no number that JSON knows"]
    low, high = shape.metadata.get("min", value), shape.metadata.get("max", value)
    return [] if low <= value <= high else [f"{path}: {value} is not within {low} and {high}"]


def _string(shape: Shape, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{path}: {_name(value)} instead of a string"]
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        return [f"{path}: {value!r} is no {shape.name}"]
    findings = _length(shape, len(value), path, "characters")
    pattern = shape.metadata.get("pattern")
    if pattern:
        compiled = _compiled(pattern)
        if compiled and not compiled.fullmatch(value):
            findings.append(f"{path}: {value!r} does not match {pattern}")
    return findings


@functools.cache  # `re` keeps 512 patterns, the requests of a pipeline have more
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern for Python; None for one that is written for another regular-expression engine."""
    try:
        return re.compile(_python(pattern), re.DOTALL)
    except re.error:
        return None


def _python(pattern: str) -> str:
    """Return a pattern with Unicode categories as Python writes them: letters and numbers as `\\w`, separators as `\\s`."""
    for category, meant in ((r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s"), (r"\p{Alnum}", r"\w")):
        pattern = pattern.replace(category, meant)
    return pattern


def _length(shape: Shape, length: int, path: str, unit: str) -> list[str]:
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max", length)
    return [] if low <= length <= high else [f"{path}: {length} {unit}, wanted {low} to {high}"]


def _name(value: Any) -> str:
    return "null" if value is None else type(value).__name__
