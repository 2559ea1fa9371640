"""A template may hold anything anywhere: CloudFormation refuses it later, and no rule may fall over it."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import parse_template

FOLDER = Path(__file__).parent / "examples"
sys.path.insert(0, str(FOLDER))
MODULES = [path.stem for path in sorted(FOLDER.glob("*.py"))]
STRANGE: tuple[Any, ...] = ("x", ["x", {}], {"x": [1]})


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in held:
        yield from _places(each, (*path, key))


def _with(resource: dict[str, Any], path: tuple[Any, ...], strange: Any) -> dict[str, Any]:
    out = copy.deepcopy(resource)
    at: Any = out["Properties"]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = strange
    return out


@pytest.mark.parametrize("module", MODULES)
def test_no_rule_falls_over_a_strange_value(module):
    examples = getattr(importlib.import_module(module), "EXAMPLES", {})
    seen = {
        json.dumps(each, sort_keys=True): each for example in examples.values() for each in example.passing.values()
    }
    for resource in seen.values():
        for number, path in enumerate(_places(resource.get("Properties", {}))):
            strange = {"Resources": {"Strange": _with(resource, path, STRANGE[number % len(STRANGE)])}}
            found = check_sides(parse_template(json.dumps(strange).encode(), "t"), Options())
            assert not [each for each in found if each.message.startswith("cannot be judged")]
