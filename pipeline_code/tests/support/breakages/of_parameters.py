"""Faults of pipeline parameters."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from breakages.mutant import GONE, Breakage, Place, changed, edited

OTHER: dict[str, tuple[Any, ...]] = {
    "String": (7, True, None, ["x"], {"Get": "Execution.PipelineName", "b": 1}),
    "Integer": ("12", 1.5, True, None, [1]),
    "Float": ("1.5", True, None),
}


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    parameters = definition["Parameters"]
    names = {parameter["Name"] for parameter in parameters}
    for position, parameter in enumerate(parameters):
        place: Place = ("Parameters", position)
        for value in OTHER[parameter["Type"]]:
            yield changed(definition, "default of another type", (*place, "DefaultValue"), value)
        if parameter["Type"] == "Integer":
            for value in (-1, 2**40):
                yield changed(definition, "number out of range", (*place, "DefaultValue"), value)
        else:
            yield changed(definition, "empty default", (*place, "DefaultValue"), "")
        yield changed(definition, "no default", (*place, "DefaultValue"), GONE)
        yield from _named(definition, place, parameter, names)
        yield changed(definition, "parameter removed", place, GONE)
        yield changed(definition, "unknown member of a parameter", (*place, "Default"), 1)
        for values in ([], ["other"], "x", [parameter["DefaultValue"], 7.25]):
            yield changed(definition, "bad values of a parameter", (*place, "EnumValues"), values)
        yield from _meaning(definition, place, parameter["Name"])
    unused = {"Name": "Unused", "Type": "String", "DefaultValue": "x"}
    yield edited(definition, "parameter never used", "Unused", lambda d: d["Parameters"].append(copy.deepcopy(unused)))


def _meaning(definition: Any, place: Place, name: str) -> Iterator[Breakage]:
    """Defaults of the right type that say nothing."""
    if name == "AcceptanceCriteria":
        for text in ("{", "[]", "{}", "mape<6", '{"mape": 6}', '{"mape": {"most": 6}}', '{"mape": {"max": "6"}}'):
            yield changed(definition, "criteria that are none", (*place, "DefaultValue"), text)
    if name == "InstanceType":
        for text in ("m5.large", "ml.m5.huge", "ml.zz9.large"):
            yield changed(definition, "no instance type", (*place, "DefaultValue"), text)


def _named(definition: Any, place: Place, parameter: dict[str, Any], names: set[str]) -> Iterator[Breakage]:
    """Other types and names."""
    for kind in ("Long", "string", None, GONE):
        yield changed(definition, "unknown type of parameter", (*place, "Type"), kind)
    for kind in {"String", "Integer", "Boolean"} - {parameter["Type"]}:
        yield changed(definition, "other type of parameter", (*place, "Type"), kind)
    for name in ("", "two words", None, GONE, parameter["Name"] + "s"):
        yield changed(definition, "parameter renamed", (*place, "Name"), name)
    for name in sorted(names - {parameter["Name"]}):
        yield changed(definition, "two parameters of one name", (*place, "Name"), name)
