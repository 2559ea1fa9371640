"""The committed `feature_groups.json`: made from the declarations, read by the infrastructure, only ever added to."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.group import EVENT_TIME, DeclarationError, FeatureGroup

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "feature_groups.json"


@dataclass(frozen=True)
class Declarations:
    """What the module `usecases.<name>.feature_groups` declares.

    Args:
        use_case: name of the use case.
        groups: its `GROUPS`.
        compute: its `compute`: validated rows -> records of each group, by name.
        path: where its committed file stands.
    """

    use_case: str
    groups: tuple[FeatureGroup, ...]
    compute: Callable[[pl.DataFrame], Mapping[str, pl.DataFrame]]
    path: Path

    def as_json(self) -> dict[str, Any]:
        """Return the content of the committed file."""
        return {
            "format_version": FORMAT_VERSION,
            "use_case": self.use_case,
            "groups": [_group(group) for group in self.groups],
        }


def load_declarations(use_case: str) -> Declarations:
    """Import a use case's declarations.

    Raises:
        UserError: the use case declares no feature groups.
        DeclarationError: two groups, or two features of different groups, have the same name.
    """
    name = f"usecases.{use_case}.feature_groups"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("usecases", f"usecases.{use_case}", name):
            raise
        raise UserError(
            f"the use case {use_case!r} declares no features", hint=f"declare them in {name.replace('.', '/')}.py"
        ) from error
    groups: tuple[FeatureGroup, ...] = module.GROUPS
    names = [group.name for group in groups] + [name for group in groups for name in group.names]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DeclarationError(
            f"{use_case}: the name {twice!r} stands for two groups or features; training sets hold both"
        )
    return Declarations(
        use_case, groups, module.compute, Path(str(getattr(module.__spec__, "origin", ""))).with_name(FILE_NAME)
    )


def refused_changes(committed: Mapping[str, Any], declared: Mapping[str, Any]) -> list[str]:
    """Return what a group that exists cannot become: SageMaker only adds features, at the end, to a group.

    A group under a new version is another group, so nothing of the old one is compared with it.

    Args:
        committed: content of the committed file.
        declared: content that the code declares now.
    """
    findings = []
    now = {(group["name"], group["version"]): group for group in declared["groups"]}
    for before in committed["groups"]:
        after = now.get((before["name"], before["version"]))
        if after is None:
            continue
        where = f"group {before['name']!r} (version {before['version']})"
        # CloudFormation can only replace a group whose description is another (create-only properties of
        # AWS::SageMaker::FeatureGroup), and a group with a name of its own is not replaced.
        for key in ("record_identifier", "description"):
            if before[key] != after[key]:
                findings.append(f"{where}: its {key} was {before[key]!r} and is {after[key]!r} now")
        types = {feature["name"]: feature["type"] for feature in after["features"]}
        for feature in before["features"]:
            name, kind = feature["name"], feature["type"]
            if name not in types:
                findings.append(f"{where}: feature {name!r} is gone")
            elif types[name] != kind:
                findings.append(f"{where}: feature {name!r} was {kind} and is {types[name]} now")
        order = [feature["name"] for feature in before["features"]]
        if set(order) <= set(types) and list(types)[: len(order)] != order:
            findings.append(f"{where}: new features do not stand at the end")
    return findings


def _group(group: FeatureGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "version": group.version,
        "description": group.description,
        "record_identifier": group.record_identifier,
        "event_time": EVENT_TIME,
        "ttl_days": group.ttl_days,
        "features": [
            {"name": name, "type": kind, "description": description} for name, kind, description in group.definitions
        ],
    }
