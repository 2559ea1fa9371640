"""Fills the placeholders of a committed SageMaker pipeline definition. Plain JSON in, plain JSON out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_OPENING = "${govml."
_PLACEHOLDER = re.compile(r"\$\{govml\.([^}]*)\}")  # any name, so that a misspelt one is refused, not deployed


class DefinitionError(ValueError):
    """A definition that does not fit the stack: what is wrong, and where in the JSON."""


_JOBS = ("Processing", "Training", "Transform", "Tuning")  # types of steps whose request may carry tags


def load_definition(path: Path) -> dict[str, Any]:
    """Read a definition.

    Raises:
        DefinitionError: when the file is missing, is not JSON, or is no pipeline definition of version 2020-12-01.
    """
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(f"{path}: cannot read the pipeline definition: {error.strerror}") from error
    except ValueError as error:
        raise DefinitionError(f"{path}: the pipeline definition is not JSON: {error}") from error
    if not isinstance(definition, dict) or definition.get("Version") != "2020-12-01" or "Steps" not in definition:
        raise DefinitionError(f"{path}: not a SageMaker pipeline definition of version 2020-12-01")
    return definition


def fill(
    definition: Mapping[str, Any],
    *,
    values: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
    parameters: Mapping[str, object],
) -> dict[str, Any]:
    """Return the definition with every placeholder filled and parameter defaults overridden.

    Args:
        definition: the committed definition.
        values: placeholder name -> string.
        lists: placeholder name -> list, spliced where the placeholder is a whole list element.
        parameters: pipeline parameter name -> new default.

    Raises:
        DefinitionError: for an unknown placeholder, a list where a string stands, or a parameter that is not declared.
    """
    filled = _fill(definition, values, lists, "$")
    declared = {parameter["Name"]: parameter for parameter in filled.get("Parameters", [])}
    for name, default in parameters.items():
        if name not in declared:
            raise DefinitionError(f"the pipeline has no parameter {name!r}; it has {', '.join(sorted(declared))}")
        declared[name]["DefaultValue"] = default
    return dict(filled)


def tag_jobs(definition: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the definition with tags on every job that a step starts; a tuning job hands its tags to its trials.

    Args:
        definition: a filled definition.
        tags: tag key -> value; a step's own tag of the same key is kept.
    """
    return {**definition, "Steps": [_tagged(step, tags) for step in definition["Steps"]]}


def _tagged(step: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    arguments = step.get("Arguments", {})
    if step.get("Type") == "Condition":
        branches = {
            name: [_tagged(inner, tags) for inner in arguments[name]]
            for name in ("IfSteps", "ElseSteps")
            if name in arguments
        }
        return {**step, "Arguments": {**arguments, **branches}}
    if step.get("Type") not in _JOBS:
        return dict(step)
    own = list(arguments.get("Tags", []))
    stated = {tag["Key"] for tag in own}
    more = [{"Key": key, "Value": value} for key, value in tags.items() if key not in stated]
    return {**step, "Arguments": {**arguments, "Tags": [*own, *more]}}


def _fill(node: Any, values: Mapping[str, str], lists: Mapping[str, Sequence[str]], path: str) -> Any:
    if _is_final(node):
        return node
    if isinstance(node, str):
        return _PLACEHOLDER.sub(lambda match: _value(match[1], values, lists, path), node)
    if isinstance(node, dict):
        return {
            key: value if _is_final(value) else _fill(value, values, lists, f"{path}.{key}")
            for key, value in node.items()
        }
    if isinstance(node, list):
        out: list[Any] = []
        for index, value in enumerate(node):
            if _is_final(value):
                out.append(value)
                continue
            whole = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
            if whole and whole[1] in lists:
                out.extend(lists[whole[1]])
            else:
                out.append(_fill(value, values, lists, f"{path}[{index}]"))
        return out
    return node


def _is_final(node: Any) -> bool:
    return isinstance(node, str) and _OPENING not in node


def _value(name: str, values: Mapping[str, str], lists: Mapping[str, Sequence[str]], path: str) -> str:
    if name in values:
        return values[name]
    if name in lists:
        raise DefinitionError(f"{path}: ${{govml.{name}}} is a list and must stand as a list element of its own")
    known = ", ".join(sorted([*values, *lists]))
    raise DefinitionError(f"{path}: unknown placeholder ${{govml.{name}}}; known are {known}")
