"""Pipeline parameters: their declaration, and values from the command line checked against it."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from govml.errors import UserError

ParameterValue: TypeAlias = str | int | float | bool

# The types of the definition schema 2020-12-01 and how each is said in an error message.
TYPES = {"String": "text", "Integer": "a whole number", "Float": "a number", "Boolean": "true or false"}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter; `default` is None when a run must give a value, `choices` is empty when any will do."""

    name: str
    type: str
    default: ParameterValue | None
    choices: tuple[ParameterValue, ...]


def parse_parameter(raw: Any) -> Parameter:
    """Read one element of the definition's `Parameters`.

    Raises:
        UserError: the name or type is missing or unknown, or the default does not fit the declaration.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("Name"), str):
        raise UserError(f"the definition has a parameter without a name: {str(raw)[:80]}")
    name, kind = raw["Name"], raw.get("Type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise UserError(f"parameter {name} is of type {kind!r}", hint=f"types are {', '.join(TYPES)}")
    choices = raw.get("EnumValues") or []
    if not isinstance(choices, list):
        raise UserError(f"parameter {name}: EnumValues must be a list")
    bare = Parameter(name, kind, None, ())
    checked = Parameter(name, kind, None, tuple(_from_json(bare, choice) for choice in choices))
    default = raw.get("DefaultValue")
    return Parameter(name, kind, None if default is None else _from_json(checked, default), checked.choices)


def choose_values(declared: Iterable[Parameter], given: Mapping[str, str]) -> dict[str, ParameterValue]:
    """Return a value for every declared parameter: the given text, converted, or else its default.

    Raises:
        UserError: a name is not declared, a text is not of the declared type or not one of the choices,
            or a parameter has neither a value nor a default.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise UserError(
                f"the pipeline has no parameter {name}",
                hint=f"did you mean {near[0]}?" if near else f"it has {', '.join(sorted(known)) or 'none'}",
            )
    values: dict[str, ParameterValue] = {}
    for name, parameter in known.items():
        if name in given:
            values[name] = _from_text(parameter, given[name])
        elif parameter.default is not None:
            values[name] = parameter.default
        else:
            raise UserError(f"parameter {name} has no default", hint=f"give it with --parameter {name}=VALUE")
    return values


def _from_text(parameter: Parameter, text: str) -> ParameterValue:
    value: ParameterValue | None = None
    if parameter.type == "String":
        value = text
    elif parameter.type == "Boolean" and text.lower() in ("true", "false"):
        value = text.lower() == "true"
    elif parameter.type == "Integer" and re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        value = int(text)
    elif parameter.type == "Float" and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
        value = float(text)
    return _checked(parameter, value, repr(text))


def _from_json(parameter: Parameter, value: Any) -> ParameterValue:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "String": isinstance(value, str),
        "Boolean": isinstance(value, bool),
        "Integer": number and isinstance(value, int),
        "Float": number,
    }[parameter.type]
    if fits and parameter.type == "Float":
        value = float(value)
    return _checked(parameter, value if fits else None, repr(value)[:80])


def _checked(parameter: Parameter, value: ParameterValue | None, shown: str) -> ParameterValue:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise UserError(f"parameter {parameter.name} must be {TYPES[parameter.type]}, not {shown}")
    if parameter.choices and value not in parameter.choices:
        choices = ", ".join(map(str, parameter.choices))
        raise UserError(f"parameter {parameter.name} must be one of {choices}, not {shown}")
    return value
