"""What the gate reads from a cloud assembly: its stacks (those of stages too), their resources and their metadata.

Layout, as aws-cdk-lib 2.275 writes it: `manifest.json` lists stacks and, for each stage, a nested assembly in a folder
of its own; a stack's construct metadata stands in a file beside its template. The validation report of all stages is
one file at the root.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.errors import UserError

ACKNOWLEDGED = "aws:cdk:acknowledged-rules"
ANNOTATIONS = {"aws:cdk:warning": "warning", "aws:cdk:error": "error"}


@dataclass(frozen=True)
class Stack:
    """One stack.

    Args:
        path: its construct path.
        template: its template's file.
        region: the region it is made for; `unknown-region` when it is made for any.
        resources_of_template: the resources in it, by logical id.
        metadata: entries as (construct path, type, data).
    """

    path: str
    template: Path
    region: str
    resources_of_template: Mapping[str, Any]
    metadata: tuple[tuple[str, str, Any], ...]

    @property
    def resources(self) -> int:
        """Return the number of resources."""
        return len(self.resources_of_template)

    @property
    def acknowledgements(self) -> list[tuple[str, str, str]]:
        """Return (construct path, qualified rule id, text) of every acknowledgement, in the order of the tree."""
        return [
            (path, str(rule), str(text or ""))
            for path, kind, data in self.metadata
            if kind == ACKNOWLEDGED and isinstance(data, dict)
            for rule, text in data.items()
        ]

    @property
    def annotations(self) -> list[tuple[str, str, str]]:
        """Return (construct path, `warning` or `error`, message) of every CDK annotation."""
        return [(path, ANNOTATIONS[kind], str(data)) for path, kind, data in self.metadata if kind in ANNOTATIONS]


def read_stacks(directory: Path) -> list[Stack]:
    """Return every stack of an assembly, those of its stages included.

    Raises:
        UserError: the folder is missing or is not a cloud assembly.
    """
    try:
        return list(_stacks(directory))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{directory} is not a cloud assembly that can be read ({type(error).__name__}: {error})",
            hint="run `govml synth` first",
        ) from error


def _stacks(directory: Path) -> Iterator[Stack]:
    for artifact in _json(directory / "manifest.json").get("artifacts", {}).values():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / properties["directoryName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            file = directory / properties["templateFile"]
            metadata = artifact.get("metadata") or {}
            if "additionalMetadataFile" in artifact:
                metadata = metadata | _json(directory / artifact["additionalMetadataFile"])
            region = str(artifact["environment"]).rpartition("/")[2]
            resources = _json(file).get("Resources", {})
            yield Stack(artifact["displayName"], file, region, resources, tuple(_entries(metadata)))


def _entries(metadata: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for path, entries in metadata.items():
        for entry in entries:
            yield path.removeprefix("/"), entry["type"], entry.get("data")


def _json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} holds no JSON object")
    return content
