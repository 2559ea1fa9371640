"""Faults of form: the top of the definition, expressions, joins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breakages.mutant import GONE, Breakage, Place, changed, places


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    for value in (GONE, "2019-12-01", 1):
        yield changed(definition, "version", ("Version",), value)
    for value in (GONE, [], {}, None):
        yield changed(definition, "no steps", ("Steps",), value)
    for name in ("Paramters", "Step", "Pipeline"):
        yield changed(definition, "unknown member at the top", (name,), [])
    yield changed(definition, "parameters are no list", ("Parameters",), {"Name": "x"})
    for place, value in places(definition):
        if isinstance(value, dict) and len(value) == 1:
            yield from _expression(definition, place, value)


def _expression(definition: Any, place: Place, value: dict[str, Any]) -> Iterator[Breakage]:
    if "Get" in value:
        for wrong in (1, None, "", ["a"], "Nothing.Such", value["Get"] + ".", value["Get"].replace(".", "", 1)):
            yield changed(definition, "malformed reference", (*place, "Get"), wrong)
        yield changed(definition, "reference with company", (*place, "Default"), "x")
        yield changed(definition, "unknown expression", place, {"Std:Get": value["Get"]})
    if "Std:Join" in value:
        for member in ("On", "Values"):
            for wrong in (GONE, None, {}, 7, []):
                yield changed(definition, "malformed join", (*place, "Std:Join", member), wrong)
        for wrong in ({"a": "b", "c": 1}, None, ["a"]):
            yield changed(definition, "malformed join", (*place, "Std:Join", "Values", 0), wrong)
    if "Std:JsonGet" in value:
        for member in ("PropertyFile", "Path"):
            for wrong in (GONE, None, "", 7):
                yield changed(definition, "malformed JsonGet", (*place, "Std:JsonGet", member), wrong)
