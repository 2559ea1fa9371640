"""Faults against botocore's shapes of the requests that steps make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.model import Shape

from breakages.mutant import GONE, Breakage, Place, at, changed, edited, steps

REQUESTS = {
    "Processing": "CreateProcessingJobRequest",
    "Training": "CreateTrainingJobRequest",
    "Tuning": "CreateHyperParameterTuningJobRequest",
    "RegisterModel": "CreateModelPackageInput",
}
OTHER_TYPES: dict[str, tuple[Any, ...]] = {
    "string": (7, True, None, ["x"], {"a": 1, "b": 2}),
    "integer": ("7", 1.5, None, True, [1]),
    "long": ("7", 1.5, None, True, [1]),
    "float": ("7", None, [1.0]),
    "boolean": ("true", 1, None, []),
    "list": ({"a": 1}, "x", None, 5),
    "map": (["x"], "x", None, 5),
    "structure": (["x"], "x", None, 5),
}


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    model = botocore.session.Session().get_service_model("sagemaker")
    for place, step in steps(definition):
        if step["Type"] in REQUESTS:
            shape = model.shape_for(REQUESTS[step["Type"]])
            yield from _value(definition, (*place, "Arguments"), step["Arguments"], shape)


def _value(definition: Any, place: Place, value: Any, shape: Shape) -> Iterator[Breakage]:
    for wrong in OTHER_TYPES.get(shape.type_name, ()):
        yield changed(definition, f"wrong type for a {shape.type_name}", place, wrong)
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("Get", "Std:Join", "Std:JsonGet"):
        return
    if shape.type_name == "structure":
        yield from _structure(definition, place, value, shape)
    elif shape.type_name == "list":
        if shape.metadata.get("min", 0):
            yield changed(definition, "empty list", place, [])
        for position, item in enumerate(value):
            yield from _value(definition, (*place, position), item, shape.member)
    elif shape.type_name == "map":
        for name, item in value.items():
            yield from _value(definition, (*place, name), item, shape.value)
    elif shape.type_name == "string":
        yield from _text(definition, place, value, shape)
    elif shape.type_name in ("integer", "long"):
        for wrong in (-1, shape.metadata.get("max", 10**7) + 1):
            yield changed(definition, "number out of range", place, wrong)


def _structure(definition: Any, place: Place, value: dict[str, Any], shape: Any) -> Iterator[Breakage]:
    members: dict[str, Shape] = shape.members
    yield changed(definition, "unknown member", (*place, "Unknown"), "x")
    for name, item in value.items():
        if name in shape.required_members:
            yield changed(definition, "required member removed", (*place, name), GONE)
        yield edited(definition, "misspelt member", f"{place} {name}", lambda d, p=place, n=name: _rename(at(d, p), n))
        yield from _value(definition, (*place, name), item, members[name])


def _text(definition: Any, place: Place, value: str, shape: Shape) -> Iterator[Breakage]:
    if getattr(shape, "enum", None):
        for wrong in (value + "x", value.swapcase(), ""):
            yield changed(definition, "bad enumeration", place, wrong)
        return
    if "max" in shape.metadata:
        yield changed(definition, "text too long", place, "x" * (shape.metadata["max"] + 1))
    pattern = (
        shape.metadata.get("pattern", ".*").replace(r"\p{L}", r"\w").replace(r"\p{N}", r"\d").replace(r"\p{Z}", r"\s")
    )
    try:
        fits = re.compile(pattern, re.DOTALL)
    except re.error:
        return  # written for another regular-expression engine
    for wrong in ("", " !§", "x\n!"):
        if not fits.fullmatch(wrong) or len(wrong) < shape.metadata.get("min", 0):
            yield changed(definition, "bad pattern", place, wrong)


def _rename(holder: dict[str, Any], name: str) -> None:
    holder[name + "s"] = holder.pop(name)
