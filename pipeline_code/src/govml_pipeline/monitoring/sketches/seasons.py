"""A baseline by season: a window is compared with what the same months looked like, not with the whole year.

What returns every year (school holidays, festive sales, the monsoon) is then no drift. Features that only tell the time
stay drifting whatever the baseline; `compare` leaves those out by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Literal

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.sketches.profile import CAPACITY, FeatureKind, Profile, check_columns, profile

Season = Literal["month", "quarter"]
_LENGTH: Final[dict[Season, int]] = {"month": 1, "quarter": 3}
_FORMAT: Final = "govml-seasons-1"


@dataclass(frozen=True, eq=False)
class Seasons:
    """Profiles of a baseline's rows by season.

    Args:
        season: how long one is.
        profiles: by number of the season within the year, from 1.
    """

    season: Season
    profiles: Mapping[int, Profile]

    @property
    def whole(self) -> Profile:
        """Profile of all rows."""
        return reduce(Profile.merge, self.profiles.values())

    def of(self, *window: str) -> Profile:
        """Profile of the baseline's rows of the same seasons as a window's months (`YYYY-MM`).

        Raises:
            UserError: no month, something that is none, or a season of which the baseline has no rows.
        """
        wanted = sorted({self._number(month) for month in window})
        if not wanted:
            raise UserError("no month to take the season of", hint="name the months of the window as YYYY-MM")
        if absent := [number for number in wanted if number not in self.profiles]:
            raise UserError(
                f"the baseline has no rows of {self.season} {absent[0]}",
                hint="take a baseline of at least a whole year, or compare with all of it (`whole`)",
            )
        return reduce(Profile.merge, (self.profiles[number] for number in wanted))

    def to_json(self) -> str:
        """The profiles as JSON text; equal ones give equal text."""
        raw = {str(number): json.loads(each.to_json()) for number, each in self.profiles.items()}
        return json.dumps({"format": _FORMAT, "season": self.season, "profiles": raw}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Seasons:
        """Read what `to_json` wrote.

        Raises:
            UserError: the text is no such baseline of this version.
        """
        try:
            raw = json.loads(text)
            if raw["format"] != _FORMAT or raw["season"] not in _LENGTH:
                raise ValueError(f"format {raw['format']!r}")
            profiles = {int(number): Profile.from_json(json.dumps(each)) for number, each in raw["profiles"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"this is no baseline of format {_FORMAT}: {error}", hint="make the baseline anew from its rows"
            ) from error
        return cls(raw["season"], dict(sorted(profiles.items())))

    def _number(self, month: str) -> int:
        return months.number(month) % 12 // _LENGTH[self.season] + 1


def seasons(
    rows: pl.DataFrame,
    features: Mapping[str, FeatureKind],
    *,
    time_column: str,
    season: Season = "month",
    capacity: int = CAPACITY,
) -> Seasons:
    """Profile a baseline by season.

    Args:
        rows: rows of the baseline.
        features: as of `profile`.
        time_column: column with the month as `YYYY-MM`.
        season: a month or a quarter.
        capacity: as of `profile`.

    Raises:
        UserError: no rows, no such season, a row without a month, or what `profile` raises.
    """
    if season not in _LENGTH:
        raise UserError(f"{season!r} is no season", hint=f"seasons are {' and '.join(_LENGTH)}")
    check_columns(rows.columns, [time_column])
    number: Any = months.number_expression(time_column) % 12 // _LENGTH[season] + 1
    numbers = rows.select(number.alias("season")).to_series()
    if rows.is_empty() or numbers.null_count():
        what = "no rows" if rows.is_empty() else f"rows without a month (YYYY-MM) in {time_column!r}"
        raise UserError(f"the baseline has {what}", hint="give validated rows of at least a whole year")
    found = {each: profile(rows.filter(numbers == each), features, capacity=capacity) for each in sorted(set(numbers))}
    return Seasons(season, found)
