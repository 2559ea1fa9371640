"""Which template properties cannot be seen in what was read back: they are lost, and that is reported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


def _text(value: Any) -> str:
    """One spelling for a scalar: CloudFormation writes `"true"` and `"7"` where an API answers true and 7.0."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _same(sent: str, seen: str) -> bool:
    """Whether two spellings mean the same: a switch that is on, or a resource by its id and by its ARN."""
    if sent == seen or (sent == "true" and seen == "enabled"):
        return True
    longer, shorter = (sent, seen) if len(sent) > len(seen) else (seen, sent)
    return longer.startswith("arn:") and longer.endswith((f"/{shorter}", f":{shorter}"))


def _parsed(value: Any) -> Any:
    """A JSON document inside text (a policy, a definition) as the tree that it is."""
    if isinstance(value, str) and value[:1] in "{[" and value[-1:] in "}]":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield path, name and value of every scalar in a tree; list positions do not count."""
    value = _parsed(value)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    elif value is not None:
        yield path, path.rpartition(".")[2], value


def _pairs(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Name and value of every scalar; an empty structure counts as a switch that is on."""
    node = _parsed(node)
    if isinstance(node, list):
        for item in node:
            yield from _pairs(item, name)
    elif node == {}:
        yield name, True
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _pairs(value, str(key))
    elif node is not None:
        yield name, node


class Observed:
    """Everything that was read back about one resource.

    Args:
        documents: the answers of the read calls.
    """

    def __init__(self, documents: Iterable[Any]) -> None:
        self._by_name: dict[str, set[str]] = {}
        self._names: set[str] = set()
        for document in documents:
            for name, value in _pairs(document):
                self._by_name.setdefault(name.lower(), set()).add(_text(value).lower())
            self._names.update(_names(document))
        self._values = {value for values in self._by_name.values() for value in values}

    def shows(self, name: str, value: Any, renamed: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether a scalar of a template can be seen under its own name, or under one that the API has for it."""
        candidates = [name.lower(), *(other.lower() for other in renamed.get(name, ()))]
        text = _text(value).lower()
        seen = {other for candidate in candidates for other in self._by_name.get(candidate, ())}
        if any(_same(text, other) for other in seen):
            return True
        return text == "false" and not self._names & set(candidates)  # an API leaves out what is off

    def shows_tag(self, key: str, value: str) -> bool:
        """Whether a tag can be seen, as a pair of members or as an entry of a map."""
        return (key.lower() in self._values or key.lower() in self._names) and value.lower() in self._values


def _names(value: Any) -> Iterator[str]:
    value = _parsed(value)
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key).lower()
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def _tag_items(tags: Any) -> list[tuple[str, str]]:
    if isinstance(tags, dict):
        return [(str(key), str(value)) for key, value in tags.items()]
    return [(str(tag["Key"]), str(tag.get("Value", ""))) for tag in tags or []]


@dataclass(frozen=True)
class Finding:
    """The audit of one resource: how many scalar properties were looked for, and the paths of those not seen."""

    checked: int
    lost: list[str]


def audit(
    properties: Mapping[str, Any],
    documents: Iterable[Any],
    *,
    unreadable: Iterable[str] = (),
    renamed: Mapping[str, tuple[str, ...]] | None = None,
) -> Finding:
    """Compare a template's resolved properties with what was read back.

    Args:
        properties: resolved properties, without the engine's own tags.
        documents: answers of the read calls.
        unreadable: property paths, as in `Code/S3Key`, that no API returns.
        renamed: property name -> names under which the API shows it.

    Returns:
        What was checked and what is lost; it is empty when every property can be seen.
    """
    observed = Observed(documents)
    hidden = tuple(path.replace("/*", "").replace("/", ".") for path in unreadable)
    checked, lost = 0, []
    for key, value in _tag_items(properties.get("Tags")):
        checked += 1
        if not observed.shows_tag(key, value):
            lost.append(f"Tags.{key}")
    for path, name, value in leaves({name: item for name, item in properties.items() if name != "Tags"}):
        if any(path == prefix or path.startswith(f"{prefix}.") for prefix in hidden):
            continue
        checked += 1
        if not observed.shows(name, value, renamed or {}) and path not in lost:
            lost.append(path)
    return Finding(checked, lost)
