"""All stacks of an environment as one: resources by a name that holds across stacks, and what a value refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govml.bootstrap.assembly import StackArtifact

_SUB = re.compile(r"\$\{([A-Za-z0-9.]+)\}")


@dataclass(frozen=True)
class Part:
    """One resource.

    Args:
        id: `<stack>/<logical id>`.
        type: its CloudFormation type.
        properties: as the template writes them.
    """

    id: str
    type: str
    properties: Mapping[str, Any] = field(repr=False)


class Estate:
    """Resources of all stacks, and the references between them, exports and imports included.

    Args:
        stacks: the stacks of one environment.
    """

    def __init__(self, stacks: list[StackArtifact]) -> None:
        self.parts: dict[str, Part] = {}
        self.environment = stacks[0].environment if stacks else ""
        self._exports: dict[str, set[str]] = {}
        for stack in stacks:
            for logical_id, resource in stack.resources.items():
                part = Part(f"{stack.name}/{logical_id}", resource["Type"], resource.get("Properties", {}))
                self.parts[part.id] = part
        for stack in stacks:
            for output in stack.template.get("Outputs", {}).values():
                if isinstance(name := output.get("Export", {}).get("Name"), str):
                    self._exports[name] = self.referred(output["Value"], stack.name)

    def of_type(self, *types: str) -> list[Part]:
        """Return the resources of some types."""
        return [part for part in self.parts.values() if part.type in types]

    def of(self, part: Part, *path: str) -> set[str]:
        """Return the ids of all resources that a property of a resource refers to."""
        value: Any = part.properties
        for key in path:
            value = value.get(key, {}) if isinstance(value, Mapping) else {}
        return self.referred(value, part.id.split("/", 1)[0])

    def referred(self, value: object, stack: str) -> set[str]:
        """Return the ids of all resources that a value of a stack's template refers to, anywhere within it."""
        return set(self._referred(value, stack))

    def _referred(self, value: object, stack: str) -> Iterator[str]:
        if isinstance(value, Mapping):
            if isinstance(name := value.get("Ref"), str):
                yield from self._known(stack, name)
            elif isinstance(found := value.get("Fn::GetAtt"), list | str):
                yield from self._known(stack, found[0] if isinstance(found, list) else found.split(".")[0])
            elif isinstance(name := value.get("Fn::ImportValue"), str):
                yield from self._exports.get(name, ())
            else:
                for key, each in value.items():
                    if key == "Fn::Sub":
                        yield from self._named_in(each, stack)
                    yield from self._referred(each, stack)
        elif isinstance(value, list):
            for each in value:
                yield from self._referred(each, stack)

    def _named_in(self, value: object, stack: str) -> Iterator[str]:
        text = value[0] if isinstance(value, list) and value else value
        for name in _SUB.findall(text) if isinstance(text, str) else ():
            yield from self._known(stack, name.split(".")[0])

    def _known(self, stack: str, logical_id: str) -> Iterator[str]:
        if f"{stack}/{logical_id}" in self.parts:
            yield f"{stack}/{logical_id}"
