"""A fitted transformation for use cases without features of their own: the contract says what the columns are.

Numbers are clipped, filled in with the median and scaled if wanted, with a flag for missing ones. Categories become
one-hot features, or where they have many values their share and the past of their target. The month gives season and
trend, which are known when predicting. Everything is fitted on the training rows; the past alone comes from all rows, of
which a row sees strictly earlier months.

    class Features(TabularTransformation):
        settings = TabularSettings(contract=CONTRACT, kind="classification", label_delay=2)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.row_reader import Row
from govml_pipeline.errors import UserError
from govml_pipeline.features.columns import OneHot, Quantity, Share, feature_names, fit_category
from govml_pipeline.features.history import monthly_totals
from govml_pipeline.features.matrix import Features
from govml_pipeline.features.past import Past
from govml_pipeline.features.tabular_settings import TabularSettings
from govml_pipeline.files import read_json, replacing, write_json

FORMAT_VERSION: Final = 1
_STATE, _PAST = "transformation.json", "past.parquet"
_CALENDAR: Final = ("season_sine", "season_cosine", "trend_months")


class TabularTransformation:
    """Fitted transformation, `features.matrix.Transformation`; a use case's class sets `settings`.

    Args:
        quantities: fitted numeric columns.
        categories: fitted categories.
        pasts: past of the target by column; `series` is that of a time series.
        first_month: number of the first training month.
    """

    settings: ClassVar[TabularSettings]

    def __init__(
        self,
        quantities: list[Quantity],
        categories: list[OneHot | Share],
        pasts: dict[str, Past],
        first_month: int,
    ) -> None:
        self.quantities = quantities
        self.categories = categories
        self.pasts = pasts
        self.first_month = first_month
        encodings = [*quantities, *categories, *pasts.values()]
        # Months later than all that was learnt from are strange by that alone; and a cluster is no season.
        self._calendar = {"anomaly": 2, "clustering": 0}.get(self.settings.kind, 3)
        calendar = _CALENDAR[: self._calendar]
        self.names = feature_names([name for encoding in encodings for name in encoding.names] + [*calendar])
        self.kinds = ("q",) * len(self.names)

    @classmethod
    def fit(cls, train: pl.DataFrame, history: pl.DataFrame) -> Self:
        """Fit on the training rows, and collect the past of the target over all rows.

        Raises:
            UserError: no column has a value in the training rows.
        """
        settings = cls.settings
        fitted = [
            Quantity.fit(train[name], clip=settings.clip, scale=settings.scale, flagged=settings.optional(name))
            for name in settings.quantities
        ]
        quantities = [quantity for quantity in fitted if quantity is not None]
        categories = [fit_category(train[name], limit=settings.one_hot_limit) for name in settings.classes]
        if not quantities and not categories:
            raise UserError(
                f"{settings.contract.name}: no column has a value in the training rows",
                hint="deliver rows with values, or take columns out of the transformation's `ignore`",
            )
        wide = [category.name for category in categories if isinstance(category, Share)]
        pasts = cls._pasts(train, history, wide)
        return cls(quantities, categories, pasts, int(_month(train, settings.contract).min()))

    @classmethod
    def _pasts(cls, train: pl.DataFrame, history: pl.DataFrame, wide: list[str]) -> dict[str, Past]:
        settings = cls.settings
        event = settings.event(train)
        own, learnt = (
            values[np.isfinite(values)] for values in (settings.learnt(train, event), settings.learnt(history, event))
        )
        known = history.filter(np.isfinite(settings.learnt(history, event)))
        if known.is_empty() or not len(own):
            return {}
        month = _month(known, settings.contract) + settings.label_delay
        keys = {"series": list(settings.series)} if settings.series else {}
        tables = {
            name: monthly_totals(_key(known, columns), month, learnt).sort("key", "month")
            for name, columns in (keys | {name: [name] for name in wide}).items()
        }
        mean = math.fsum(own) / len(own)
        return {name: cls._past(name, table, mean) for name, table in tables.items()}

    @classmethod
    def _past(cls, name: str, table: pl.DataFrame, mean: float) -> Past:
        lags = cls.settings.lags if name == "series" else ()
        return Past(name, table, half_life=cls.settings.half_life, mean=mean, lags=lags)

    def transform(self, rows: pl.DataFrame) -> Features:
        """Return features of shape (n, p); the baseline is a series' level, or 0."""
        month = _month(rows, self.settings.contract)
        columns = [array for encoding in self.quantities for array in encoding.encode(rows[encoding.name])]
        columns += [array for encoding in self.categories for array in encoding.encode(rows[encoding.name])]
        baseline = np.zeros(rows.height)
        for name, past in self.pasts.items():
            series = name == "series"
            found = past.encode(_key(rows, list(self.settings.series) if series else [name]), month)
            columns += found
            baseline = found[0] if series else baseline
        angle = 2 * np.pi * (month % 12) / 12
        calendar = [np.sin(angle), np.cos(angle), (month - self.first_month).astype(np.float64)]
        columns += calendar[: self._calendar]
        return Features(np.column_stack(columns).astype(np.float32), baseline)

    def transform_rows(self, rows: Sequence[Row]) -> Features:
        """Return what `transform` returns, for few rows; see `features.matrix.RowTransformation`."""
        found = [self._transform_row(row) for row in rows]
        matrix = np.array([values for values, _ in found], dtype=np.float64).astype(np.float32)
        return Features(matrix, np.array([baseline for _, baseline in found], dtype=np.float64))

    def _transform_row(self, row: Row) -> tuple[list[float], float]:
        month = months.number(str(row[self.settings.contract.time_column]))
        values = [value for encoding in self.quantities for value in encoding.encode_one(row[encoding.name])]
        values += [value for encoding in self.categories for value in encoding.encode_one(row[encoding.name])]
        baseline = 0.0
        for name, past in self.pasts.items():
            series = name == "series"
            found = past.encode_one(_key_of(row, self.settings.series if series else (name,)), month)
            values += found
            baseline = found[0] if series else baseline
        angle = 2 * np.pi * (month % 12) / 12
        # numpy's functions, not those of `math`: their last bits differ.
        calendar = [float(np.sin(angle)), float(np.cos(angle)), float(month - self.first_month)]
        return values + calendar[: self._calendar], baseline

    def label(self, rows: pl.DataFrame, features: Features) -> NDArray[np.float64]:
        """The target, or its logarithm, above the baseline, shape (n,)."""
        return self.settings.learnt(rows, None) - features.baseline

    def target(self, features: Features, output: NDArray[np.float64]) -> NDArray[np.float64]:
        """The output in the target's unit, shape (n,)."""
        value = output + features.baseline
        return np.exp(value) if self.settings.log_target else value

    def save(self, folder: Path) -> dict[str, Any]:
        """Write `transformation.json` and, where there is a past, `past.parquet`."""
        folder.mkdir(parents=True, exist_ok=True)
        tables = [past.table.select(pl.lit(name).alias("past"), pl.all()) for name, past in self.pasts.items()]
        if tables:
            with replacing(folder / _PAST) as path:
                pl.concat(tables).write_parquet(path)
        state = {
            "format_version": FORMAT_VERSION,
            "contract": self.settings.contract.name,
            "first_month": self.first_month,
            "quantities": [asdict(quantity) for quantity in self.quantities],
            "one_hot": [asdict(category) for category in self.categories if isinstance(category, OneHot)],
            "shares": [asdict(category) for category in self.categories if isinstance(category, Share)],
            "means": {name: past.mean for name, past in self.pasts.items()},
            "features": list(self.names),
        }
        write_json(folder / _STATE, state)
        empty = len(self.settings.quantities) - len(self.quantities)
        return {"features": len(self.names), "columns without any value": empty}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            UserError: written by another version of this format, or for another data source.
        """
        state = read_json(folder / _STATE)
        wanted = (FORMAT_VERSION, cls.settings.contract.name)
        if (state.get("format_version"), state.get("contract")) != wanted:
            raise UserError(
                f"{folder / _STATE}: {state.get('contract')!r} in format {state.get('format_version')!r}, "
                f"this code reads format {FORMAT_VERSION} of {wanted[1]!r}",
                hint="use the code archive that the model was trained with, or train again",
            )
        fitted: dict[str, OneHot | Share] = {item["name"]: Share(**item) for item in state["shares"]}
        fitted |= {item["name"]: OneHot(item["name"], tuple(item["values"])) for item in state["one_hot"]}
        table = pl.read_parquet(folder / _PAST) if state["means"] else pl.DataFrame({"past": []})
        pasts = {
            name: cls._past(name, table.filter(pl.col("past") == name).drop("past"), state["means"][name])
            for name in ("series", *cls.settings.classes)  # as fitted; the keys of JSON are sorted
            if name in state["means"]
        }
        return cls(
            [Quantity(**item) for item in state["quantities"]],
            [fitted[name] for name in cls.settings.classes],
            pasts,
            state["first_month"],
        )


def _month(rows: pl.DataFrame, contract: Contract) -> NDArray[np.int64]:
    return rows.select(months.number_expression(contract.time_column).cast(pl.Int64)).to_series().to_numpy()


def _key_of(row: Row, columns: Sequence[str]) -> str:
    """Return what `_key` returns for one row.

    Raises:
        ValueError: a column of decimal numbers, whose text only Polars writes like Polars.
    """
    values = [row[name] for name in columns]
    if any(isinstance(value, float) for value in values):
        raise ValueError("a key of decimal numbers")
    return "|".join("" if value is None else str(value) for value in values)


def _key(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    return rows.select(
        pl.concat_str(pl.col(columns).cast(pl.String).fill_null(""), separator="|").alias("key")
    ).to_series()
