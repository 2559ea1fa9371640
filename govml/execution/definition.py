"""A pipeline definition (JSON, schema version 2020-12-01) parsed into typed, flat steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from govml.errors import UserError
from govml.execution.cache_policy import parse_cache_config
from govml.execution.parameters import Parameter, parse_parameter

SCHEMA_VERSION = "2020-12-01"
# The deploying stack fills in `${govml.NAME}`; `${Token[...]}` is a CDK token that was never resolved.
_PLACEHOLDER = re.compile(r"\$\{(?:govml\.[^}]*|Token\[[^}]*)\}")
_STEP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Branch:
    """Where a step lives when it is inside a condition: it runs only if the condition's outcome equals `when`."""

    condition: str
    when: bool


@dataclass(frozen=True)
class PropertyFile:
    """A JSON file that a processing step leaves in one of its outputs, for `Std:JsonGet`."""

    name: str
    output: str
    path: str


@dataclass(frozen=True)
class Step:
    """One step; a condition's `arguments` hold its `Conditions` only, its inner steps are steps of their own."""

    name: str
    type: str
    arguments: Mapping[str, Any]
    depends_on: tuple[str, ...]
    property_files: tuple[PropertyFile, ...]
    branch: Branch | None
    #: How old an earlier result may be that is used again; None: the step runs every time.
    cache: timedelta | None = None


@dataclass(frozen=True)
class Definition:
    """Parameters and flat steps in the order in which the definition lists them."""

    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]


def parse_definition(text: str) -> Definition:
    """Read a definition whose placeholders have all been filled in.

    Raises:
        UserError: not JSON, another schema version, unfilled placeholders, or a step that is not one.
    """
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise UserError(f"the pipeline definition is not JSON: {error}") from error
    except RecursionError as error:
        raise UserError("the pipeline definition is nested too deeply to be one") from error
    if not isinstance(raw, dict):
        raise UserError("the pipeline definition is not a JSON object")
    if raw.get("Version") != SCHEMA_VERSION:
        raise UserError(f"the pipeline definition is of version {raw.get('Version')!r}, not {SCHEMA_VERSION}")
    if unfilled := sorted(set(_PLACEHOLDER.findall(text))):
        raise UserError(
            f"the pipeline definition has placeholders that nobody filled in: {', '.join(unfilled)}",
            hint="run the deployed definition, whose placeholders the use case's stack fills in",
        )
    parameters = tuple(parse_parameter(item) for item in _list(raw, "Parameters", "the definition"))
    steps = tuple(_steps(_list(raw, "Steps", "the definition"), None))
    if not steps:
        raise UserError("the pipeline definition has no steps")
    for kind, names in (("steps", [s.name for s in steps]), ("parameters", [p.name for p in parameters])):
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UserError(f"the pipeline definition has two {kind} of the name {', '.join(twice)}")
    return Definition(parameters, steps)


def _steps(raw: list[Any], branch: Branch | None) -> Iterator[Step]:
    for item in raw:
        name = item.get("Name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not _STEP_NAME.fullmatch(name):
            raise UserError(f"the pipeline definition has a step without a proper name: {str(item)[:80]}")
        kind = item.get("Type")
        if not isinstance(kind, str):
            raise UserError(f"step {name} has no type")
        arguments = item.get("Arguments", {})
        if not isinstance(arguments, dict):
            raise UserError(f"step {name}: Arguments must be an object")
        inner = ("IfSteps", "ElseSteps") if kind == "Condition" else ()
        yield Step(
            name=name,
            type=kind,
            arguments={key: value for key, value in arguments.items() if key not in inner},
            depends_on=tuple(_dependency(name, entry) for entry in _list(item, "DependsOn", f"step {name}")),
            property_files=tuple(_property_file(name, f) for f in _list(item, "PropertyFiles", f"step {name}")),
            branch=branch,
            cache=parse_cache_config(item.get("CacheConfig"), step=name),
        )
        for key in inner:
            yield from _steps(_list(arguments, key, f"step {name}"), Branch(name, key == "IfSteps"))


def _dependency(step: str, entry: Any) -> str:
    name = entry.get("Step") if isinstance(entry, dict) else entry
    if not isinstance(name, str):
        raise UserError(f"step {step}: DependsOn has an entry that names no step: {str(entry)[:80]}")
    return name


def _property_file(step: str, raw: Any) -> PropertyFile:
    keys = ("PropertyFileName", "OutputName", "FilePath")
    if not isinstance(raw, dict) or not all(isinstance(raw.get(key), str) for key in keys):
        raise UserError(f"step {step}: a property file needs {', '.join(keys)}")
    return PropertyFile(*(raw[key] for key in keys))


def _list(raw: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise UserError(f"{where}: {key} must be a list")
    return value
