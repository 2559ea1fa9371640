"""The tree of an agency file: values that know the lines they stand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
