"""Reads the feature groups that a use case's code declares. Plain JSON in, plain values out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FORMAT_VERSION = 1
_TYPES = ("String", "Integral", "Fractional")


class FeatureDeclarationError(ValueError):
    """A file of declarations that does not fit: what is wrong, and where."""


@dataclass(frozen=True)
class DeclaredFeature:
    """One feature: its name, and SageMaker's type of it."""

    name: str
    type: str


@dataclass(frozen=True)
class DeclaredGroup:
    """One feature group.

    Args:
        name: name with underscores, as in `block_history`.
        version: raised where the code needs a group that the old one cannot grow into.
        description: what it holds.
        record_identifier: the feature that names the entity.
        event_time: the feature that tells when values became known.
        features: all features in their order, these two among them.
        ttl_days: days for which the online store keeps a record; None: for ever.
    """

    name: str
    version: int
    description: str
    record_identifier: str
    event_time: str
    features: tuple[DeclaredFeature, ...]
    ttl_days: int | None

    @property
    def key(self) -> str:
        """Name with version, as in `block_history_v1`."""
        return f"{self.name}_v{self.version}"


def load_feature_groups(path: Path) -> list[DeclaredGroup]:
    """Read the committed `feature_groups.json` of a use case.

    Raises:
        FeatureDeclarationError: the file cannot be read, is no such file, or declares a group that cannot be made.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FeatureDeclarationError(f"{path}: cannot read the feature groups: {error.strerror}") from error
    except ValueError as error:
        raise FeatureDeclarationError(f"{path}: the feature groups are not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("format_version") != _FORMAT_VERSION:
        raise FeatureDeclarationError(
            f"{path}: no file of feature groups in format {_FORMAT_VERSION}; "
            "write it with `python -m govml_pipeline.feature_store` in pipeline_code/"
        )
    try:
        groups = [_group(path, each) for each in content["groups"]]
    except (KeyError, TypeError) as error:
        raise FeatureDeclarationError(f"{path}: a group lacks {error}") from error
    keys = [group.key for group in groups]
    if len(set(keys)) != len(keys):
        raise FeatureDeclarationError(f"{path}: a feature group is declared twice in {', '.join(keys)}")
    return groups


def _group(path: Path, raw: dict[str, Any]) -> DeclaredGroup:
    features = tuple(DeclaredFeature(each["name"], each["type"]) for each in raw["features"])
    group = DeclaredGroup(
        name=raw["name"],
        version=raw["version"],
        description=raw["description"],
        record_identifier=raw["record_identifier"],
        event_time=raw["event_time"],
        features=features,
        ttl_days=raw["ttl_days"],
    )
    names = [feature.name for feature in features]
    for needed in (group.record_identifier, group.event_time):
        if needed not in names:
            raise FeatureDeclarationError(f"{path}: group {group.name!r} has no feature {needed!r}")
    for feature in features:
        if feature.type not in _TYPES:
            raise FeatureDeclarationError(
                f"{path}: group {group.name!r}: feature {feature.name!r} is {feature.type!r}, none of {', '.join(_TYPES)}"
            )
    return group
