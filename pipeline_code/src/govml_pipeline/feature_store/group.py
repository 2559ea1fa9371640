"""`FeatureGroup`: what a use case declares about its features. Code, files and infrastructure all follow from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

import polars as pl

FeatureType = Literal["String", "Integral", "Fractional"]

#: When a value became known: the last second of the month, the day, ... that it sums up.
EVENT_TIME = "event_time"
#: When the store took a record in; a later write of the same identifier and event time replaces an earlier one.
WRITE_TIME = "write_time"
#: When the value of a row of a training set or a request is needed.
TIME = "time"

#: SageMaker API reference, FeatureDefinition (names) and CreateFeatureGroup (at most 64 characters).
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RESERVED = frozenset({"is_deleted", "write_time", "api_invocation_time", "event_time", "time"})
_DESCRIPTION_LENGTH = 128
_DTYPES: dict[str, Any] = {"String": pl.String, "Integral": pl.Int64, "Fractional": pl.Float64}
TIMESTAMP = pl.Datetime("us", "UTC")


class DeclarationError(ValueError):
    """A declaration that no feature store could take: a defect of the use case, not of the data."""


@dataclass(frozen=True)
class Feature:
    """One feature.

    Args:
        name: lower case letters, digits and underscores, at most 64 characters.
        type: SageMaker's type of the value.
        description: what it means, with its unit.
    """

    name: str
    type: FeatureType
    description: str

    def __post_init__(self) -> None:
        _check_name(self.name, "feature")
        if self.name in _RESERVED:
            raise DeclarationError(f"feature {self.name!r}: the store keeps this name for itself; choose another")
        if self.type not in get_args(FeatureType):
            raise DeclarationError(f"feature {self.name!r}: type {self.type!r} is none of {get_args(FeatureType)}")


@dataclass(frozen=True)
class FeatureGroup:
    """Features of one kind of entity, known from a point in time on.

    A group that exists can only grow at its end (SageMaker API reference, UpdateFeatureGroup): what changes otherwise gets
    a new `version`, which is a new group beside the old one.

    Args:
        name: as feature names.
        description: what the group holds, at most 128 characters (SageMaker API reference, CreateFeatureGroup).
        record_identifier: the column that names the entity, a text.
        features: the features, in the order in which they were added.
        version: raised when a feature is removed or changes its type.
        ttl_days: days after its event time for which the online store keeps a record; None: for ever. Only for features
            whose absence means the same as their age.
    """

    name: str
    description: str
    record_identifier: str
    features: tuple[Feature, ...]
    version: int = 1
    ttl_days: int | None = None

    def __post_init__(self) -> None:
        _check_name(self.name, "feature group")
        _check_name(self.record_identifier, "record identifier")
        names = [self.record_identifier, *self.names]
        if self.record_identifier in _RESERVED or len(set(names)) != len(names):
            raise DeclarationError(f"feature group {self.name!r}: a name is reserved or stands twice in {names}")
        if not self.features or self.version < 1 or (self.ttl_days is not None and self.ttl_days < 1):
            raise DeclarationError(f"feature group {self.name!r}: give features, a version and days of at least 1")
        if not 0 < len(self.description) <= _DESCRIPTION_LENGTH:
            raise DeclarationError(f"feature group {self.name!r}: describe it in 1 to {_DESCRIPTION_LENGTH} characters")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, without identifier and event time."""
        return tuple(feature.name for feature in self.features)

    @property
    def key(self) -> str:
        """Name with version, as in `block_history_v1`: what folders, tables and deployed groups are called by."""
        return f"{self.name}_v{self.version}"

    @property
    def definitions(self) -> list[tuple[str, FeatureType, str]]:
        """Name, type and description of all of SageMaker's definitions, in order: identifier, event time, features."""
        return [
            (self.record_identifier, "String", "Record identifier."),
            (EVENT_TIME, "String", "When the values became known, UTC, ISO 8601 with seconds."),
            *((feature.name, feature.type, feature.description) for feature in self.features),
        ]

    @property
    def schema(self) -> dict[str, Any]:
        """Columns of a frame of records, by polars type."""
        values = {feature.name: _DTYPES[feature.type] for feature in self.features}
        return {self.record_identifier: pl.String, EVENT_TIME: TIMESTAMP, **values}


def _check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise DeclarationError(f"{what} {name!r}: use lower case letters, digits and single underscores, at most 64")
