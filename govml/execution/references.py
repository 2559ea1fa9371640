"""The expressions of a pipeline definition (`Get`, `Std:Join`, `Std:JsonGet`) and the paths inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EXPRESSIONS = frozenset({"Get", "Std:Join", "Std:JsonGet"})
KINDS = frozenset({"Parameters", "Execution", "Steps"})

# One hop of a path: `.Name`, `['name']`, `["name"]` or `[0]`.
_HOP = re.compile(r"""\.?(?P<name>[^.\[\]'"\s]+)|\[(?P<index>\d+)\]|\['(?P<single>[^']*)'\]|\["(?P<double>[^"]*)"\]""")

type_names = {str: "text", bool: "true or false", int: "a whole number", float: "a number", type(None): "null"}


@dataclass(frozen=True)
class Reference:
    """What a `Get` points at: `kind` is Parameters, Execution or Steps; `path` is what follows the name."""

    kind: str
    name: str
    path: tuple[str | int, ...]
    text: str


def is_expression(value: Any) -> bool:
    """Tell whether a JSON value is an expression rather than plain data."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in EXPRESSIONS


def parse_path(text: str) -> tuple[str | int, ...]:
    """Split a path such as `Outputs['train'].S3Uri` or `metrics.mae[0]` into names and indices.

    Raises:
        ValueError: the text is empty or is not such a path.
    """
    hops: list[str | int] = []
    position = 0
    text = text.removeprefix("$")  # JsonPath's root, which SageMaker accepts and ignores
    while position < len(text):
        match = _HOP.match(text, position)
        if match is None:
            raise ValueError(f"{text!r} is not a path: cannot read it from character {position + 1}")
        if match["index"] is not None:
            hops.append(int(match["index"]))
        else:
            hops.append(next(match[group] for group in ("name", "single", "double") if match[group] is not None))
        position = match.end()
    if not hops:
        raise ValueError("an empty path")
    return tuple(hops)


def parse_reference(text: Any) -> Reference:
    """Read the text of a `Get`.

    Raises:
        ValueError: it is not `Parameters.Name`, `Execution.Name` or `Steps.Name.path`.
    """
    if not isinstance(text, str):
        raise ValueError(f"a Get must hold text, not {type_names.get(type(text), type(text).__name__)}")
    hops = parse_path(text)
    kind, rest = hops[0], hops[1:]
    if kind not in KINDS or not rest or not isinstance(rest[0], str):
        raise ValueError(f"{text!r} is none of Parameters.<name>, Execution.<name>, Steps.<name>.<path>")
    wants_path = kind == "Steps"
    if wants_path != bool(rest[1:]):
        raise ValueError(f"{text!r} {'names no property' if wants_path else 'goes deeper than a name'}")
    return Reference(str(kind), rest[0], rest[1:], text)


def gets(value: Any) -> Iterator[Any]:
    """Yield the content of every `Get` in a JSON value, those inside joins and JSON look-ups included."""
    if is_expression(value) and "Get" in value:
        yield value["Get"]
    elif isinstance(value, dict):
        for item in value.values():
            yield from gets(item)
    elif isinstance(value, list):
        for item in value:
            yield from gets(item)


def follow(value: Any, path: tuple[str | int, ...]) -> Any:
    """Walk `path` through dictionaries and lists.

    Raises:
        LookupError: a hop does not exist; the message names the hop and what there is instead.
    """
    for position, hop in enumerate(path):
        if isinstance(value, dict) and str(hop) in value:
            value = value[str(hop)]
        elif isinstance(value, list) and isinstance(hop, int) and hop < len(value):
            value = value[hop]
        else:
            where = ".".join(map(str, path[:position])) or "the top"
            raise LookupError(f"no {hop!r} at {where} (there is {_describe(value)})")
    return value


def _describe(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(sorted(value)[:12]) or "an empty object"
    return f"a list of {len(value)}" if isinstance(value, list) else type_names.get(type(value), type(value).__name__)
