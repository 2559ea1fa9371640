"""`FeatureStore`: the one interface to features, for training and inference, on a laptop and on SageMaker."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Sequence

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.group import EVENT_TIME, TIME, FeatureGroup
from govml_pipeline.feature_store.records import as_of, changed, conform, valid


class FeatureStore(ABC):
    """Records of feature groups: written once, read as of a point in time, or the latest ones.

    A value is known from its event time on, and a row may use it if that lies strictly before the row's own time. A later
    write of the same record replaces it for readers of today, and not for those who ask what was known before it.
    """

    @abstractmethod
    def records(self, group: FeatureGroup) -> pl.DataFrame:
        """Return every write of a group: the columns of its schema and `write_time`."""

    @abstractmethod
    def latest(self, group: FeatureGroup, keys: Sequence[str]) -> pl.DataFrame:
        """Return the record with the latest event time for each key, in the order of the keys; null without any."""

    @abstractmethod
    def _add(self, group: FeatureGroup, frame: pl.DataFrame) -> None:
        """Add records that are not there yet."""

    def write(self, group: FeatureGroup, frame: pl.DataFrame) -> int:
        """Write records; those that are there already with the same values are left out, so that a write can be repeated.

        Args:
            group: the group.
            frame: the columns of the group's schema: identifier, `event_time` and features.

        Returns:
            How many records were added.

        Raises:
            UserError: the frame does not fit the declaration.
        """
        frame = changed(group, valid(group, self.records(group), None), conform(group, frame))
        if frame.height:
            self._add(group, frame)
        return frame.height

    def as_of(
        self, group: FeatureGroup, keys: pl.DataFrame, *, known_by: datetime.datetime | None = None
    ) -> pl.DataFrame:
        """Return what was known of each key strictly before its time.

        Args:
            group: the group.
            keys: columns `record_identifier` and `time`.
            known_by: moment at which the store is asked; what was written later, such as a backfill, does not count.
                None: now. The same moment gives the same values again.

        Returns:
            The keys in their order, with `event_time` and the features; null where nothing was known.
        """
        return as_of(group, valid(group, self.records(group), known_by), keys)

    def training_set(
        self, groups: Sequence[FeatureGroup], rows: pl.DataFrame, *, known_by: datetime.datetime | None = None
    ) -> pl.DataFrame:
        """Return the rows with the features of all groups as they were known strictly before each row's `time`.

        Args:
            groups: groups whose record identifiers are columns of the rows.
            rows: rows with a column `time`.
            known_by: see `as_of`; note it down with the model, and the set can be made again.
        """
        for group in groups:
            found = self.as_of(group, _keys(group, rows), known_by=known_by)
            rows = _beside(group, rows, found)
        return rows

    def serving_set(self, groups: Sequence[FeatureGroup], rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with the latest features of all groups: the columns of `training_set`, for requests of now.

        Raises:
            UserError: a record is not older than its row: the row is a past one, and needs `training_set`.
        """
        for group in groups:
            found = self.latest(group, _keys(group, rows)[group.record_identifier].to_list())
            late = rows.filter(found[EVENT_TIME] >= rows[TIME])
            if late.height:
                raise UserError(
                    f"feature group {group.name!r} knows {late.height} of the rows only later than their time "
                    f"(the first at {late[TIME][0]}): the latest features would tell them their own future",
                    hint="ask for rows of the past with training_set",
                )
            rows = _beside(group, rows, found)
        return rows


def _keys(group: FeatureGroup, rows: pl.DataFrame) -> pl.DataFrame:
    missing = {group.record_identifier, TIME} - set(rows.columns)
    if missing:
        raise UserError(f"feature group {group.name!r}: the rows lack the column {sorted(missing)[0]!r}")
    return rows.select(group.record_identifier, TIME)


def _beside(group: FeatureGroup, rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    values = found.select(pl.col(EVENT_TIME).alias(f"{group.name}_{EVENT_TIME}"), *group.names)
    twice = set(values.columns) & set(rows.columns)
    if twice:
        raise UserError(f"feature group {group.name!r}: the rows have a column {sorted(twice)[0]!r} already")
    return rows.hstack(values)
