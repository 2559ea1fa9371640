"""YAML text -> a tree of nodes that know their lines. Smaller than YAML on purpose.

Refused, because a reviewer could misread them or a parser choke on them: duplicate keys, anchors and aliases (billion
laughs), tags, several documents, deep nesting.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
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

from govml.settings.reading.nodes import Node
from govml.settings.reading.problems import Problem, shown
from govml.settings.reading.yaml_scalars import resolve

MAX_DEPTH = 12
MAX_NODES = 20_000


class UnreadableError(Exception):
    """The text is not the YAML that we read; holds the one problem that stopped us."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_nodes(text: str) -> tuple[Node | None, list[Problem]]:
    """Parse one document.

    Returns:
        the root node (None for an empty document), and the problems that do not stop the reading (duplicate keys).

    Raises:
        UnreadableError: not YAML, or YAML that we refuse.
    """
    try:
        return _Builder(text).build()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(filter(None, (error.context, error.problem)))
        raise _stop(mark.line if mark else -1, f"is not YAML: {shown(why, 200)}", _remedy(text)) from error
    except YAMLError as error:
        reason = shown(getattr(error, "reason", "") or "it cannot be read")
        position = getattr(error, "position", None)  # of a character that YAML does not allow
        line = text.count("\n", 0, position) if isinstance(position, int) else -1
        raise _stop(line, f"is not YAML: {reason}", "save it as plain UTF-8 text") from error
    except (ValueError, OverflowError) as error:  # the parser's own, for an escape such as "\UFFFFFFFF"
        raise _stop(-1, f"is not YAML: {shown(error)}", "look for a backslash in double quotes") from error


def _remedy(text: str) -> str:
    """Return what to do, naming what an editor does not show: tabs and no-break spaces."""
    for character, name in (("\t", "a tab"), ("\u00a0", "a no-break space")):
        if character in text:
            line = text.count("\n", 0, text.index(character)) + 1
            return f"{name} stands on line {line}: write plain spaces there"
    return "check the indentation, quotes and colons"


def _stop(line: int, message: str, hint: str) -> UnreadableError:
    return UnreadableError(Problem(line + 1, "", message, hint))


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
        if getattr(event, "anchor", None):  # of an alias, its target
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
