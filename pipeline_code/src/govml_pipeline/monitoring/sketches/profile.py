"""Profile of a set of features: a sketch of each, made from rows in one pass; what drift is measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import narwhals as nw
import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.sketches.category import CategorySketch
from govml_pipeline.monitoring.sketches.columns import names, numbers
from govml_pipeline.monitoring.sketches.number import NumberSketch

FeatureKind = Literal["number", "category"]
Sketch = NumberSketch | CategorySketch
#: Distinct values of a feature up to which its sketch is exact, and groups beyond (docs/drift-measures.md has the errors).
CAPACITY: Final = 8192
#: Rows at a time: a column of them fits a core's cache.
_BATCH: Final = 2**18
_FORMAT: Final = "govml-profile-1"


@dataclass(frozen=True, eq=False)
class Profile:
    """Profile of rows.

    Args:
        rows: how many rows.
        features: a sketch of each feature, by name.
    """

    rows: int
    features: Mapping[str, Sketch]

    def merge(self, other: Profile) -> Profile:
        """Profile of the rows of both. The same rows give the same profile, however they are cut up and in any order.

        Raises:
            UserError: the two do not have the same features.
        """
        check_same_features(self, other)
        merged = {name: _merge(sketch, other.features[name]) for name, sketch in self.features.items()}
        return Profile(self.rows + other.rows, merged)

    @property
    def kinds(self) -> dict[str, FeatureKind]:
        """Kind of each feature."""
        return {name: _kind(sketch) for name, sketch in self.features.items()}

    def to_json(self) -> str:
        """The profile as JSON text; equal profiles give equal text."""
        features = {name: sketch.to_dict() for name, sketch in self.features.items()}
        raw = {"format": _FORMAT, "rows": self.rows, "features": features}
        return json.dumps(raw, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """Read what `to_json` wrote.

        Raises:
            UserError: the text is no profile of this version.
        """
        try:
            raw = json.loads(text)
            if raw["format"] != _FORMAT:
                raise ValueError(f"format {raw['format']!r}")
            return cls(raw["rows"], {name: _read(sketch) for name, sketch in raw["features"].items()})
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise UserError(
                f"this is no profile of format {_FORMAT}: {error}", hint="make the profile anew from its rows"
            ) from error


def profile(frame: Any | Iterable[Any], features: Mapping[str, FeatureKind], *, capacity: int = CAPACITY) -> Profile:
    """Profile rows in one pass and bounded memory.

    Args:
        frame: a frame (Polars, also lazy, or another that narwhals knows), or an iterable of frames; other columns than
            the features are not read.
        features: kind of each feature, by name of its column.
        capacity: distinct values of a feature up to which its sketch is exact, and groups beyond.

    Raises:
        UserError: no feature, an unknown kind, a column that is missing or of a type that does not suit its kind, or a
            capacity below 2.
    """
    check_kinds(features)
    if capacity < 2:
        raise UserError(f"a capacity of {capacity}", hint=f"2 is the least, {CAPACITY} the default")
    # In the order of names, so that no other order can show.
    sketches: dict[str, Sketch] = {name: _empty(features[name], capacity) for name in sorted(features)}
    rows = 0
    for batch in _batches(frame, list(sketches)):
        rows += batch.height
        for name, sketch in sketches.items():
            sketches[name] = _grown(sketch, batch[name])
    return Profile(rows, sketches)


def check_same_features(one: Profile, other: Profile) -> None:
    """Raise UserError if two profiles do not have the same features of the same kinds."""
    if one.kinds != other.kinds:
        odd = sorted(set(one.kinds.items()) ^ set(other.kinds.items()))[0][0]
        raise UserError(
            f"feature {odd!r} is not in both profiles, or not of the same kind", hint="profile the same features"
        )


def check_kinds(features: Mapping[str, FeatureKind]) -> None:
    """Raise UserError if there is no feature, or one of an unknown kind."""
    if not features:
        raise UserError("there is no feature to look at", hint="name at least one feature and its kind")
    if odd := [kind for kind in features.values() if kind not in ("number", "category")]:
        raise UserError(f"{odd[0]!r} is no kind of feature", hint="kinds are number and category")


def check_columns(there: list[str], wanted: list[str]) -> None:
    """Raise UserError if a wanted column is not there."""
    absent = [name for name in wanted if name not in there]
    if absent:
        raise UserError(
            f"there is no column {absent[0]!r} among the rows; they have {', '.join(there[:20])}",
            hint="name features that the rows have",
        )


def _batches(frame: Any, columns: list[str]) -> Iterator[pl.DataFrame]:
    if isinstance(frame, pl.LazyFrame):
        check_columns(frame.collect_schema().names(), columns)
        for batch in frame.select(columns).collect_batches(chunk_size=_BATCH, maintain_order=False):
            yield from batch.iter_slices(_BATCH)
    elif isinstance(frame, pl.DataFrame):
        check_columns(frame.columns, columns)
        yield from frame.select(columns).iter_slices(_BATCH)
    elif hasattr(frame, "columns"):  # every eager frame has them; an iterable of frames has none
        yield from _batches(nw.from_native(frame, eager_only=True).to_polars(), columns)
    else:
        for part in frame:
            yield from _batches(part, columns)


def _empty(kind: FeatureKind, capacity: int) -> Sketch:
    if kind == "number":
        return NumberSketch.of(numbers(pl.Series([], dtype=pl.Float64)), capacity=capacity)
    return CategorySketch.of({}, missing=0, capacity=capacity)


def _grown(sketch: Sketch, column: pl.Series) -> Sketch:
    if isinstance(sketch, NumberSketch):
        part = NumberSketch.of(numbers(column), capacity=sketch.capacity, dropped=sketch.dropped)
        return sketch.merge(part)
    found, missing = names(column)
    return sketch.merge(CategorySketch.of(found, missing=missing, capacity=sketch.capacity))


def _merge(one: Sketch, other: Sketch) -> Sketch:
    if isinstance(one, NumberSketch) and isinstance(other, NumberSketch):
        return one.merge(other)
    if isinstance(one, CategorySketch) and isinstance(other, CategorySketch):
        return one.merge(other)
    raise TypeError("sketches of different kinds")  # check_same_features has refused them


def _kind(sketch: Sketch) -> FeatureKind:
    return "number" if isinstance(sketch, NumberSketch) else "category"


def _read(raw: dict[str, Any]) -> Sketch:
    return NumberSketch.from_dict(raw) if raw["kind"] == "number" else CategorySketch.from_dict(raw)
