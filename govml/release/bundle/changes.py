"""What is different from the champion in how a model was made: data, schema, code, parameters, features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govml.release.bundle.version import Version


@dataclass(frozen=True)
class Change:
    """One thing of two models.

    Args:
        name: what it is.
        value: of the new model.
        former: of the champion.
    """

    name: str
    value: Any
    former: Any

    @property
    def same(self) -> bool:
        """Whether both are alike."""
        return bool(self.value == self.former)


def origin_changes(new: Version, champion: Version | None) -> list[Change]:
    """Return code, data and training window of both."""
    return [
        Change(name, _said(new, path), _said(champion, path))
        for name, path in (
            ("code (SHA-256)", ("metadata", "code", "sha256")),
            ("library", ("metadata", "library")),
            ("algorithm", ("metadata", "algorithm")),
            ("data (SHA-256)", ("validation", "dataset", "sha256")),
            ("first month of data", ("validation", "dataset", "first_month")),
            ("last month of data", ("validation", "dataset", "last_month")),
            ("first month of training", ("metadata", "training", "months", "first")),
            ("last month of training", ("metadata", "training", "months", "last")),
            ("rows of training", ("metadata", "training", "rows", "train")),
            ("first month of test", ("evaluation", "window", "first_month")),
            ("last month of test", ("evaluation", "window", "last_month")),
            ("data contract, version", ("metadata", "contract", "version")),
        )
    ]


def parameter_changes(new: Version, champion: Version | None) -> list[Change]:
    """Return the hyperparameters of both, those that differ first."""
    ours, theirs = _parameters(new), _parameters(champion)
    names = dict.fromkeys([*ours, *theirs])
    found = [Change(name, ours.get(name), theirs.get(name)) for name in names]
    return sorted(found, key=lambda change: (change.same, change.name))


def column_changes(new: Version, champion: Version | None) -> list[str]:
    """Return what is different in the columns of the data, in sentences."""
    if champion is None:
        return []
    ours, theirs = _columns(new), _columns(champion)
    said = [f"{name}: new column" for name in ours if name not in theirs]
    said += [f"{name}: column is gone" for name in theirs if name not in ours]
    for name in (each for each in ours if each in theirs):
        kinds = [type(columns[name].get("minimum")).__name__ for columns in (ours, theirs)]
        if kinds[0] != kinds[1] and "NoneType" not in kinds:
            said.append(f"{name}: {kinds[1]} before, {kinds[0]} now")
    return said


def feature_changes(new: Version, champion: Version | None) -> tuple[list[str], list[str]]:
    """Return the features that only the new model has, and those that only the champion has."""
    ours, theirs = _features(new), _features(champion)
    return [name for name in ours if name not in theirs], [name for name in theirs if name not in ours]


def _said(version: Version | None, path: tuple[str, ...]) -> Any:
    return None if version is None else version.at(*path)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _parameters(version: Version | None) -> dict[str, Any]:
    training = _mapping(_said(version, ("metadata", "training")))
    found = dict(_mapping(training.get("parameters")))
    return {**found, "rounds": training["rounds"]} if "rounds" in training else found


def _columns(version: Version) -> dict[str, Mapping[str, Any]]:
    return {name: _mapping(column) for name, column in _mapping(version.at("validation", "columns")).items()}


def _features(version: Version | None) -> list[str]:
    entries = _said(version, ("explanation", "features"))
    return (
        [str(each.get("feature")) for each in entries if isinstance(each, Mapping)] if isinstance(entries, list) else []
    )
