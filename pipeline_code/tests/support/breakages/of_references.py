"""References that lead nowhere, or elsewhere than they must."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breakages.mutant import Breakage, Place, changed, places, steps


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    outputs = [
        f"Steps.{step['Name']}.ProcessingOutputConfig.Outputs['{output['OutputName']}'].S3Output.S3Uri"
        for _, step in steps(definition)
        for output in step["Arguments"].get("ProcessingOutputConfig", {}).get("Outputs", [])
    ]
    for place, value in places(definition):
        if isinstance(value, dict) and isinstance(value.get("Get"), str):
            yield from _reference(definition, (*place, "Get"), value["Get"], outputs)
        if isinstance(value, dict) and "Std:JsonGet" in value:
            path, where = value["Std:JsonGet"]["Path"], (*place, "Std:JsonGet", "Path")
            for wrong in (path + "x", path.upper(), path.rpartition(".")[0] or "x", "metrics.accuracy"):
                yield changed(definition, "path that the file lacks", where, wrong)
    for place, step in steps(definition):
        for position, file in enumerate(step.get("PropertyFiles", [])):
            where = (*place, "PropertyFiles", position)
            yield changed(definition, "property file of no output", (*where, "OutputName"), "other")
            yield changed(definition, "property file renamed", (*where, "PropertyFileName"), "Other")
            yield changed(definition, "property file without a JSON path", (*where, "FilePath"), "result.csv")
            yield changed(definition, "property file twice", (*place, "PropertyFiles"), [file, file])
            for member in file:
                yield changed(definition, "malformed property file", (*where, member), None)


def _reference(definition: Any, place: Place, reference: str, outputs: list[str]) -> Iterator[Breakage]:
    root, _, rest = reference.partition(".")
    if root == "Parameters":
        yield changed(definition, "unknown parameter", place, f"Parameters.{rest}X")
        types = {each["Name"]: each["Type"] for each in definition["Parameters"]}
        for other in types:
            if other != rest:
                yield changed(definition, "another parameter", place, f"Parameters.{other}")
    elif root == "Execution":
        yield changed(definition, "unknown execution variable", place, f"Execution.{rest}X")
    elif ".PropertyFiles." in reference:
        yield changed(definition, "unknown property file", place, reference + "X")
        yield changed(definition, "unknown step", place, reference.replace("Steps.", "Steps.No", 1))
    else:
        yield changed(definition, "unknown step", place, reference.replace("Steps.", "Steps.No", 1))
        yield changed(definition, "unknown property", place, reference + "X")
        yield changed(definition, "property that is an object", place, reference.rpartition(".")[0])
        yield changed(definition, "property of another type", place, _other_type(rest.split(".")[0], definition))
        if "Outputs['" in reference:
            yield changed(definition, "unknown output", place, reference.replace("Outputs['", "Outputs['no_", 1))
            for other in outputs:
                yield changed(definition, "another step's or another output", place, other)


def _other_type(name: str, definition: Any) -> str:
    kinds = {step["Name"]: step["Type"] for _, step in steps(definition)}
    return f"Steps.{name}.{'LastModifiedTime' if kinds[name] != 'Tuning' else 'HyperParameterTuningEndTime'}"
