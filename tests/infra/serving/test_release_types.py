"""What a release changes of a serving stack: `UpdateStack` may touch the types of these resources, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from profiles import Profile

from govml_constructs.release.release_statements import UPDATED_TYPES


def touched(body: dict[str, Any]) -> set[str]:
    """Return the types of all resources that depend on a release's parameters, by whatever way."""
    names = {name for name in body["Parameters"] if re.match("Live|Challenger", name)}
    conditions = _closure(names, body.get("Conditions", {}), lambda _: False)
    resources = {
        name: {key: value for key, value in resource.items() if key != "DependsOn"}
        for name, resource in body["Resources"].items()
    }
    found = _closure(names | conditions, resources, lambda resource: resource.get("Condition") in conditions)
    return {body["Resources"][name]["Type"] for name in found}


def _closure(known: set[str], things: dict[str, Any], also: Callable[[Any], bool]) -> set[str]:
    """Return what names something known, or something that names it."""
    found: set[str] = set()
    while True:
        words = [rf'"{name}"|\$\{{{name}[.}}]' for name in known | found]
        named = re.compile("|".join(words))
        more = {name for name, thing in things.items() if also(thing) or named.search(json.dumps(thing))}
        if more <= found:
            return found
        found |= more


def test_a_release_names_every_type_that_it_touches_and_no_other(profile: Profile) -> None:
    serving = [
        template.body
        for _, templates in profile.environments()
        for template in templates
        if "LiveModelData" in template.body.get("Parameters", {})
    ]
    for body in serving:
        assert touched(body) <= set(UPDATED_TYPES)
        assert touched(body) >= {"AWS::SageMaker::Model", "AWS::SageMaker::Endpoint"}
