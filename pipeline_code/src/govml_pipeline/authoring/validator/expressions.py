"""Expressions of pipeline definitions: `Get`, `Std:Join`, `Std:JsonGet`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

KINDS: Final = frozenset({"Get", "Std:Join", "Std:JsonGet"})
#: Source: "Pipeline definition JSON schema", execution variables.
EXECUTION_VARIABLES: Final = frozenset(
    {
        "StartDateTime", "CurrentDateTime", "PipelineName", "PipelineArn", "PipelineExecutionId",
        "PipelineExecutionArn", "TrainingJobName", "ProcessingJobName",
    }
)  # fmt: skip
_HOLDERS: Final = (dict, list)
_TOKEN = re.compile(r"\.?([A-Za-z0-9_-]+)|\['([^']+)'\]|\[(\d+)\]")


def is_expression(value: Any) -> bool:
    """Tell an expression from an ordinary object: a single member with one of the known names."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in KINDS


def walk(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield all expressions below a value with their paths, inner ones too, in the order of the text."""
    left = [(path, value)]  # a stack: a definition is walked a dozen times, and generators within generators are slow
    while left:
        path, value = left.pop()
        if isinstance(value, dict):
            if is_expression(value):
                yield path, value
                left.append((path, next(iter(value.values()))))
            else:
                left += [(f"{path}.{key}", item) for key, item in reversed(value.items()) if isinstance(item, _HOLDERS)]
        elif isinstance(value, list):
            left += [
                (f"{path}[{position}]", value[position])
                for position in range(len(value) - 1, -1, -1)
                if isinstance(value[position], _HOLDERS)
            ]


def tokens(reference: str) -> list[str] | None:
    """Split `Step.Outputs['name'].Uri` into its parts; None if it is not written like that."""
    parts: list[str] = []
    position = 0
    while position < len(reference):
        match = _TOKEN.match(reference, position)
        if not match or (position and not match[0].startswith((".", "["))):
            return None
        parts.append(match[1] or match[2] or match[3])
        position = match.end()
    return parts


def malformed(value: dict[str, Any]) -> str | None:
    """Say what is wrong with the form of an expression, None if nothing is."""
    kind, content = next(iter(value.items()))
    if kind == "Get":
        return None if isinstance(content, str) and content else "Get takes a string"
    if not isinstance(content, dict):
        return f"{kind} takes an object"
    if kind == "Std:Join":
        good = (
            set(content) == {"On", "Values"} and isinstance(content["On"], str) and isinstance(content["Values"], list)
        )
        if not good or not content["Values"]:
            return "Std:Join takes On, a string, and Values, a list that is not empty"
        odd = [item for item in content["Values"] if not (is_expression(item) or isinstance(item, str | int | float))]
        return f"Std:Join of {odd[0]!r}, which is neither a text, a number nor a reference" if odd else None
    good = set(content) == {"PropertyFile", "Path"} and isinstance(content["Path"], str) and content["Path"] != ""
    if not good or not is_expression(content["PropertyFile"]):
        return "Std:JsonGet takes PropertyFile, a reference, and Path, a string"
    return None
