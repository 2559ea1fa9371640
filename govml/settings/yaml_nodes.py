"""YAML text -> a tree of nodes that know their lines. Smaller than YAML on purpose.

Read as YAML 1.2 (core schema), where `no` and `on` are text. Refused, because a reviewer could misread them or a parser
choke on them: duplicate keys, anchors and aliases (billion laughs), tags, several documents, deep nesting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from govml.settings.problems import Problem, shown

MAX_DEPTH = 12
MAX_NODES = 20_000

# YAML 1.2.2, section 10.3.2: the core schema's tag resolution of plain scalars.
_WORDS: dict[str, float | bool | None] = {
    **dict.fromkeys(("", "null", "Null", "NULL", "~"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((f"{sign}{word}" for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INT = re.compile(r"[-+]?[0-9]{1,100}", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]{1,100}", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,100}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


class NotReadable(Exception):  # noqa: N818 - it carries a Problem, it is not an error by itself
    """The text is not the YAML that we read; holds the one problem that stopped us."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class Node:
    """One value of the file, its line (from 1), and for an unquoted scalar the text as written."""

    line: int
    value: str | int | float | bool | dict[str, Node] | list[Node] | None = None
    plain_text: str | None = None
    key_lines: dict[str, int] = field(default_factory=dict)

    def data(self) -> Any:
        """Return the value as plain Python: dict with text keys, list, str, int, float, bool or None."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value

    def at(self, path: tuple[str | int, ...]) -> Node | None:
        """Return the node at a path of keys and indices, or None."""
        node: Node | None = self
        for part in path:
            if node is not None and isinstance(node.value, dict) and isinstance(part, str):
                node = node.value.get(part)
            elif node is not None and isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                return None
        return node

    def line_of(self, path: tuple[str | int, ...]) -> int:
        """Return the line of the key (or list item) at a path, or of the nearest enclosing one that exists."""
        line = self.line if path else 0
        node: Node | None = self
        for part in path:
            parent = node
            node = parent.at((part,)) if parent else None
            if parent is None or node is None:
                break
            line = parent.key_lines[part] if isinstance(part, str) else node.line
        return line

    def written(self) -> str:
        """Return a scalar as it stands in the file (unquoted), an empty string for a list or a mapping."""
        if self.plain_text is not None:
            return self.plain_text
        return self.value if isinstance(self.value, str) else ""

    def lines(self, prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
        """Return the line of every key, by path."""
        found: dict[tuple[str, ...], int] = {}
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                found[(*prefix, key)] = self.key_lines[key]
                found |= node.lines((*prefix, key))
        return found


def read_nodes(text: str) -> tuple[Node | None, list[Problem]]:
    """Parse one document.

    Returns:
        the root node (None for an empty document), and the problems that do not stop the reading (duplicate keys).

    Raises:
        NotReadable: not YAML, or YAML that we refuse.
    """
    try:
        return _Builder(text).build()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(filter(None, (error.context, error.problem)))
        raise _stop(
            mark.line if mark else -1, f"is not YAML: {shown(why, 200)}", "check the indentation, quotes and colons"
        ) from error
    except YAMLError as error:
        reason = shown(getattr(error, "reason", "") or "it cannot be read")
        raise _stop(-1, f"is not YAML: {reason}", "save it as plain UTF-8 text") from error


def _stop(line: int, message: str, hint: str) -> NotReadable:
    return NotReadable(Problem(line + 1, "", message, hint))


class _Builder:
    """Turns the parser's events into nodes; nothing is expanded, so its cost is bounded by the text."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))
        self._problems: list[Problem] = []
        self._count = 0

    def build(self) -> tuple[Node | None, list[Problem]]:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _stop(
                        event.start_mark.line, "a second YAML document begins here", "keep one agency in one file"
                    )
            elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                root = self._node(event, 0)
        return root, self._problems

    def _node(self, event: Event, depth: int) -> Node:
        line = event.start_mark.line
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise _stop(line, "is nested too deeply or too long", "an agency file is a few hundred short lines")
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _stop(
                line, "anchors (&) and aliases (*) are refused", "write each value where it holds, or quote the text"
            )
        if getattr(event, "ctag", None) is not None:
            raise _stop(line, "tags (!) are refused", "write the value without a tag, or quote the text")
        if isinstance(event, ScalarEvent):
            plain = None if event.style else event.value
            return Node(line + 1, event.value if plain is None else resolve(plain), plain)
        if isinstance(event, SequenceStartEvent):
            return Node(line + 1, [self._node(item, depth + 1) for item in self._until(SequenceEndEvent)])
        if isinstance(event, MappingStartEvent):
            return self._mapping(line, depth)
        raise _stop(line, f"unexpected {type(event).__name__}", "write a plain mapping")

    def _until(self, end: type[Event]) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _mapping(self, line: int, depth: int) -> Node:
        node = Node(line + 1, entries := {})
        for event in self._until(MappingEndEvent):
            key_line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent):
                raise _stop(key_line - 1, "a key must be a word, not a list or a mapping", "quote it if it is text")
            self._node(event, depth)
            child = self._node(next(self._events), depth + 1)
            key = event.value
            if key in entries:
                message = f"the key stands twice, first on line {node.key_lines[key]}"
                self._problems.append(Problem(key_line, shown(key), message, "keep one of them"))
            else:
                entries[key] = child
                node.key_lines[key] = key_line
        return node


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain (unquoted) scalar in the core schema."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, base in ((_INT, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            return int(text if base == 10 else text[2:], base)
    return float(text) if _FLOAT.fullmatch(text) else text
