"""The tasks of Step Functions state machines, read out of their definitions in Amazon States Language.

A task that calls a service names it in its `Resource`: `arn:aws:states:::sagemaker:createTrainingJob.sync`, or
`arn:aws:states:::aws-sdk:sagemaker:createModel`; its `Parameters` (JSONPath) or `Arguments` (JSONata) are the request
(Step Functions developer guide, "Integrating services").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from govml.rules.definitions import document
from govml.rules.template import Resource
from govml.rules.values import listed

_INTEGRATION = re.compile(r":states:[^:]*:[^:]*:(?:aws-sdk:)?(?P<service>\w+):(?P<action>\w+)")
_SUBSTITUTED = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Task:
    """One task: the state's name, the service, the API's action, and the request; of unknown parameters, no task."""

    name: str
    service: str
    action: str
    arguments: Mapping[str, Any]


def definition_of(machine: Resource) -> Mapping[str, Any] | None:
    """Return a state machine's definition with its substitutions made, or None: it lies in S3 or is not known.

    Raises:
        ValueError: it cannot be read.
    """
    value = machine.get("DefinitionString")
    if value is None:
        value = machine.get("Definition")
    known = machine.get("DefinitionSubstitutions")
    if isinstance(known, Mapping) and value is not None:
        text = value if isinstance(value, str) else json.dumps(value)
        value = _SUBSTITUTED.sub(lambda match: _filled(match, known), text)
    return document(value)


def _filled(match: re.Match[str], known: Mapping[str, Any]) -> str:
    value = known.get(match[1], match[0])
    return json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value)


def tasks_of(machine: Resource) -> tuple[Task, ...]:
    """Return the tasks that call services, those inside maps and branches too; of an unreadable definition none."""
    try:
        definition = definition_of(machine)
    except ValueError:
        return ()
    return () if definition is None else _tasks(json.dumps(definition, default=str))


@lru_cache(maxsize=64)
def _tasks(definition: str) -> tuple[Task, ...]:
    """Read a definition once for all rules that ask."""
    return tuple(_walk(json.loads(definition)))


def _walk(machine: Mapping[str, Any]) -> Iterator[Task]:
    states = machine.get("States")
    for name, state in states.items() if isinstance(states, Mapping) else ():
        if not isinstance(state, Mapping):
            continue
        for inner in [state.get("Iterator"), state.get("ItemProcessor"), *listed(state.get("Branches"))]:
            if isinstance(inner, Mapping):
                yield from _walk(inner)
        match = _INTEGRATION.search(str(state.get("Resource")))
        arguments = state.get("Arguments", state.get("Parameters"))
        if match and isinstance(arguments, Mapping):
            action = match["action"][0].upper() + match["action"][1:]
            yield Task(str(name), match["service"].lower(), action, _plain(arguments))


def _plain(value: Any) -> Any:
    """Take the `.$` off the names of parameters that a path fills in; what it fills in is known only at run time."""
    if isinstance(value, Mapping):
        return {
            key.removesuffix(".$"): f"${{{each}}}" if key.endswith(".$") else _plain(each)
            for key, each in value.items()
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value
