"""What pydantic found -> problems that say what was meant: the nearest key, the allowed values, the missing quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from govml.settings.reading.nodes import Node
from govml.settings.reading.problems import Problem, shown
from govml.settings.reading.schema import allowed_keys, description

# pydantic's error type -> our words; the rest of its messages are clear as they are.
_WORDS = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping of keys to values",
    "mapping_type": "must be a mapping of keys to values",
    "dict_type": "must be a mapping of keys to values",
    "finite_number": "must be a finite number",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "is not written as it must be",
}
_MAPPING_TYPES = ("model_type", "mapping_type", "dict_type")
_BETTER_FORM = {
    "mapping": "write the keys on lines of their own, two spaces further in",
    "list": "write a list: one line for each item, which begins with `- `",
}

_SHOULD = re.compile(r"^(Input|String|Value) should")
_NAMES = "lower-case letters, digits and single underscores, 2 to 31 characters, starting with a letter"


def explain(error: ValidationError, root: Node) -> list[Problem]:
    """Return one problem for each mistake; a misspelt key that leaves a required one missing is one mistake."""
    items = [item for item in error.errors(include_url=False) if item["type"] != "combination"]
    # pydantic does not count wrong items, so a list of one wrong item is "too short" as well.
    lists = {item["loc"][:-1] for item in items}
    items = [item for item in items if not (item["type"] == "too_short" and item["loc"] in lists)]
    meant = {(*item["loc"][:-1], near) for item in items if (near := _nearest_key(item))}
    return [_problem(item, root) for item in items if not (item["type"] == "missing" and item["loc"] in meant)]


def _problem(item: ErrorDetails, root: Node) -> Problem:
    path = tuple(part for part in item["loc"] if part != "[key]")
    node = root.at(path)
    line = root.line_of(path)
    message, hint = _message(item, node), _hint(item, node)
    value = ""
    if (
        node is not None
        and item["type"] not in {"extra_forbidden", "missing"}
        and not isinstance(node.value, dict | list)
    ):
        value = shown(node.written())
    return Problem(line, ".".join(shown(part) for part in path), message, hint, value)


def _message(item: ErrorDetails, node: Node | None) -> str:
    if "[key]" in item["loc"]:
        return "is not a name that can stand here"
    if item["type"] == "extra_forbidden":
        return "is not a known key"
    if item["type"] == "literal_error":
        return f"must be one of {', '.join(_choices(item))}"
    if item["type"] == "missing" and node is not None:
        return "has no value"
    words = _WORDS.get(item["type"]) or _SHOULD.sub("must", item["msg"])
    value = None if node is None else node.value
    found = ", not a mapping" if isinstance(value, dict) else ", not a list" if isinstance(value, list) else ""
    return words + (found if item["type"].endswith("_type") else "")


def _hint(item: ErrorDetails, node: Node | None) -> str:
    if near := _nearest_key(item):
        return f"did you mean `{near}`?"
    if item["type"] == "extra_forbidden" or "[key]" in item["loc"]:
        keys = allowed_keys(_parent(item["loc"]))
        return f"known keys: {', '.join(keys)}" if keys else _NAMES
    return "".join(_value_hints(item, node)) or _says_the_model(item)


def _value_hints(item: ErrorDetails, node: Node | None) -> Iterator[str]:
    written = "" if node is None else node.written()
    if item["type"] == "string_type" and node is not None and node.plain_text:
        yield f'quote it: "{shown(written)}"'
    elif item["type"] == "literal_error" and (near := get_close_matches(written.lower(), _choices(item), 1)):
        yield f"did you mean `{near[0]}`?"
    elif item["type"] == "bool_type" and written.lower() in {"yes", "no", "on", "off"}:
        yield f"write {'true' if written.lower() in {'yes', 'on'} else 'false'} (this file is YAML 1.2)"


def _says_the_model(item: ErrorDetails) -> str:
    """What is wrong is seldom enough: the description of the value, or of what it stands in, says what was meant."""
    form = "list" if item["type"] == "tuple_type" else "mapping" if item["type"].endswith(_MAPPING_TYPES) else ""
    said = next(filter(None, (description(item["loc"][:end]) for end in range(len(item["loc"]), 0, -1))), "")
    return "; ".join(filter(None, (_BETTER_FORM.get(form, ""), said)))


def _nearest_key(item: ErrorDetails) -> str:
    """Return the known key that a misspelt key resembles, or an empty string."""
    if item["type"] != "extra_forbidden" and "[key]" not in item["loc"]:
        return ""
    place = [part for part in item["loc"] if part != "[key]"]
    near = get_close_matches(str(place[-1]).lower(), allowed_keys(tuple(place[:-1])), 1, cutoff=0.6)
    return near[0] if near else ""


def _parent(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return tuple(part for part in loc if part != "[key]")[:-1]


def _choices(item: ErrorDetails) -> list[str]:
    context: dict[str, Any] = item.get("ctx") or {}
    return [choice.strip("'") for choice in context["expected"].replace(" or ", ", ").split(", ")]
