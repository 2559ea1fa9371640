"""The part of JSONPath that `DataProcessing` of a batch transform knows.

Source: SageMaker developer guide, "Associate Prediction Results with Input Records", "Supported JSONPath operators": the root,
a child by name, a wildcard, several names, several indexes (negative ones from the end), a slice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_NAME = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_HOP = re.compile(
    rf"""\.(?P<name>[A-Za-z_][\w-]*)
    |(?P<every>\.\*|\[\*\])
    |\.?\[\s*(?P<names>(?:{_NAME})(?:\s*,\s*(?:{_NAME}))*)\s*\]
    |\[\s*(?P<slice>-?\d*\s*:\s*-?\d*)\s*\]
    |\[\s*(?P<picks>-?\d+(?:\s*:\s*-?\d*)?(?:\s*,\s*-?\d+(?:\s*:\s*-?\d*)?)*)\s*\]""",
    re.VERBOSE,
)
#: Longest expression (API reference, `DataProcessing`).
LONGEST = 63


@dataclass(frozen=True)
class JsonPath:
    """A parsed expression.

    Args:
        text: as it was written.
        hops: one pair for each hop: its kind and its texts.
    """

    text: str
    hops: tuple[tuple[str, str], ...]

    @property
    def everything(self) -> bool:
        """Whether it is the root alone, which leaves a document as it is."""
        return not self.hops

    def select(self, document: Any) -> Any:
        """Return what the expression picks from a document.

        Raises:
            LookupError: the document has no such member or index.
        """
        value = document
        for kind, text in self.hops:
            value = _SELECT[kind](value, text, self.text)
        return value


def parse_json_path(text: str) -> JsonPath:
    """Parse an expression.

    Raises:
        ValueError: it is none, or uses what SageMaker does not support.
    """
    if not text.startswith("$") or len(text) > LONGEST:
        raise ValueError(f"{text[:80]!r} is no JSONPath: it begins with $ and has at most {LONGEST} characters")
    hops, position = [], 1
    while position < len(text):
        match = _HOP.match(text, position)
        if match is None:
            raise ValueError(
                f"{text!r} is no JSONPath that a batch transform knows, from {text[position:]!r} on: "
                "it knows .name, .*, ['name', 'name'], [1, 3] and [2:5]"
            )
        kind = str(match.lastgroup)
        hops.append(("picks" if kind == "slice" else kind, match[kind]))
        position = match.end()
    return JsonPath(text, tuple(hops))


def _name(value: Any, name: str, path: str) -> Any:
    if not isinstance(value, dict) or name not in value:
        raise LookupError(f"{path}: there is no {name!r}")
    return value[name]


def _names(value: Any, text: str, path: str) -> Any:
    names = [_unquoted(each) for each in re.findall(_NAME, text)]
    found = {name: _name(value, name, path) for name in names}
    return found if len(names) > 1 else found[names[0]]


def _picks(value: Any, text: str, path: str) -> Any:
    if not isinstance(value, list):
        raise LookupError(f"{path}: [{text}] of what is no list")
    parts = [part.strip() for part in text.split(",")]
    found: list[Any] = []
    for part in parts:
        start, colon, end = (each.strip() for each in part.partition(":"))
        if colon:
            found += value[slice(int(start) if start else None, int(end) if end else None)]
        elif not -len(value) <= int(part) < len(value):
            raise LookupError(f"{path}: there is no index {part} among {len(value)}")
        else:
            found.append(value[int(part)])
    return found if len(parts) > 1 or ":" in text else found[0]


def _every(value: Any, _: str, path: str) -> Any:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return value
    raise LookupError(f"{path}: * of what is neither an object nor a list")


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        return str(json.loads(text))
    return re.sub(r"\\(.)", r"\1", text[1:-1])


_SELECT = {"name": _name, "names": _names, "picks": _picks, "every": _every}
