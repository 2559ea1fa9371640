"""Turns the expressions in a step's arguments into values, once the steps that they refer to have succeeded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from govml.execution.definition import Definition
from govml.execution.failures import StepFailed
from govml.execution.parameters import ParameterValue
from govml.execution.references import Reference, follow, is_expression, parse_path, parse_reference


class Resolver:
    """Resolves `Get`, `Std:Join` and `Std:JsonGet`.

    Args:
        definition: for the property files that the steps declare.
        parameters: a value for every parameter.
        execution: a function from the name of an execution variable to its value.
        properties: what each succeeded step left, in the shape of its Describe call; read, never written.
        read_object: returns the bytes at an S3 URI; raises StepFailed if there are none.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        parameters: Mapping[str, ParameterValue],
        execution: Callable[[str], str],
        properties: Mapping[str, Mapping[str, Any]],
        read_object: Callable[[str], bytes],
    ) -> None:
        self._files = {(step.name, file.name): file for step in definition.steps for file in step.property_files}
        self._parameters = parameters
        self._execution = execution
        self._properties = properties
        self._read_object = read_object

    def resolve(self, value: Any) -> Any:
        """Return `value` with every expression replaced.

        Raises:
            StepFailed: something that is referred to does not exist in the results of the run.
        """
        if is_expression(value):
            ((function, content),) = value.items()
            return {"Get": self._get, "Std:Join": self._join, "Std:JsonGet": self._json_get}[function](content)
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        return value

    def _get(self, text: Any) -> Any:
        reference = _parsed(text)
        if reference.kind == "Parameters":
            return self._parameters[reference.name]
        if reference.kind == "Execution":
            return self._execution(reference.name)
        try:
            return follow(self._properties[reference.name], reference.path)
        except LookupError as error:
            raise StepFailed(f"{text} cannot be resolved: {error}") from error

    def _join(self, content: Any) -> str:
        if not isinstance(content, dict) or not isinstance(content.get("Values"), list):
            raise StepFailed(f"a Std:Join without Values: {str(content)[:80]}")
        return str(content.get("On", "")).join(_text(self.resolve(item)) for item in content["Values"])

    def _json_get(self, content: Any) -> Any:
        if not isinstance(content, dict) or not isinstance(content.get("Path"), str):
            raise StepFailed(f"a Std:JsonGet without Path: {str(content)[:80]}")
        uri = self._resolve_uri(content)
        try:
            document = json.loads(self._read_object(uri), parse_constant=_not_json)
            return follow(document, parse_path(content["Path"]))
        except (ValueError, LookupError, RecursionError) as error:
            raise StepFailed(f"{content['Path']} cannot be read from {uri}: {error}") from error

    def _resolve_uri(self, content: Mapping[str, Any]) -> str:
        if "S3Uri" in content:
            return _text(self.resolve(content["S3Uri"]))
        source = content.get("PropertyFile")
        reference = _parsed(source.get("Get") if isinstance(source, dict) else source)
        file = self._files.get((reference.name, str(reference.path[-1])))
        if file is None:
            raise StepFailed(f"{reference.text} is no property file")
        path = ("ProcessingOutputConfig", "Outputs", file.output, "S3Output", "S3Uri")
        try:
            base = follow(self._properties[reference.name], path)
        except LookupError as error:
            raise StepFailed(f"{reference.text} is of an output that the step does not have: {error}") from error
        return f"{str(base).rstrip('/')}/{file.path}"


def _parsed(text: Any) -> Reference:
    try:
        return parse_reference(text)
    except ValueError as error:
        raise StepFailed(str(error)) from error


def _not_json(constant: str) -> NoReturn:
    # Python's parser accepts NaN and Infinity, which are not JSON; SageMaker's does not, and a NaN metric
    # must stop the run instead of quietly losing every comparison.
    raise ValueError(f"{constant} is not JSON")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise StepFailed(f"a join or URI needs text or numbers, not {str(value)[:80]}")
