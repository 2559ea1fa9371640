"""What IAM knows of actions: the table behind AWS's policy generator, which cfn-lint brings along."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return service prefix -> action in lower case -> what is known of it; `Resources` where it takes any."""
    text = (resources.files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json").read_text()
    return {
        service: {name.lower(): each for name, each in known["Actions"].items()}
        for service, known in json.loads(text).items()
    }


def matching(pattern: str) -> list[str]:
    """Return the actions, in lower case, that a pattern of a policy stands for; none for a name that does not exist."""
    service, _, name = pattern.lower().partition(":")
    return fnmatch.filter(table().get(service, {}), name)


def takes_a_resource(pattern: str) -> bool:
    """Whether each action that a pattern stands for can be held to resources."""
    service = pattern.lower().partition(":")[0]
    return all(table()[service][name].get("Resources") for name in matching(pattern))


def statements(value: Any) -> Iterator[Mapping[str, Any]]:
    """Give every statement of every policy, wherever in a template it stands."""
    if isinstance(value, Mapping):
        if "Effect" in value and ("Action" in value or "NotAction" in value):
            yield value
        for each in value.values():
            yield from statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from statements(each)


def actions(statement: Mapping[str, Any]) -> list[str]:
    named = statement.get("Action", statement.get("NotAction"))
    return [named] if isinstance(named, str) else list(named or [])


def without_effect(statement: Mapping[str, Any]) -> list[str]:
    """Return the actions of an identity's statement that it allows on resources, and that IAM asks about `*` only."""
    if statement["Effect"] != "Allow" or "Principal" in statement or "Resource" not in statement:
        return []
    found = statement["Resource"]
    if "*" in (found if isinstance(found, list) else [found]):
        return []
    return [action for action in actions(statement) if not takes_a_resource(action)]
