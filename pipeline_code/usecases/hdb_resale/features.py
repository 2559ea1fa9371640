"""The fitted transformation: what a flat should cost by its characteristics, and how block and project differ from that.

Three layers, each from strictly earlier months only:

1. the market index: the level of all prices;
2. a hedonic regression on storey, lease, area, type and town: what is left of a price is what makes a place special;
3. histories of that rest, by block, project, street and town: what the place was worth lately.

Label: log(price / area), less index, less hedonic value. The model never learns the level of the market, so a rising
market does not leave it behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data.row_reader import Row
from govml_pipeline.errors import UserError
from govml_pipeline.features.categories import Categories
from govml_pipeline.features.hedonic import HedonicRegression
from govml_pipeline.features.history import History, monthly_totals
from govml_pipeline.features.market_index import MarketIndex
from govml_pipeline.features.matrix import Features
from govml_pipeline.files import read_json, replacing, write_json
from usecases.hdb_resale import hedonic
from usecases.hdb_resale.derive import LEASE_YEARS, MONTH, STOREY, derive, derive_row

FORMAT_VERSION: Final = 2
_STATE, _HISTORY, _HEDONIC = "transformation.json", "history.parquet", "hedonic.parquet"
CATEGORIES: Final = ("town", "flat_type", "flat_model")
QUANTITIES: Final = ("floor_area_sqm", "lease_commence_date", LEASE_YEARS, STOREY)
HEDONIC: Final = "hedonic_value"
MOMENTUM: Final = (3, 12)
#: Half-lives in months. Short ones follow the recent sales, long ones steady what sells rarely.
HALF_LIVES: Final[dict[str, tuple[float, ...]]] = {
    "block_key": (6.0, 12.0, 36.0),
    "block_type_key": (6.0, 12.0, 36.0),
    "project_key": (6.0, 24.0),
    "project_type_key": (6.0, 24.0),
    "street_type_key": (6.0, 12.0),
    "town_type_key": (3.0, 6.0),
}


_CODED: Final = tuple(sorted({*CATEGORIES, *hedonic.GROUPS}))


class HdbTransformation:
    """Fitted transformation of this use case; see `govml_pipeline.features.matrix.Transformation`.

    Args:
        categories: codes of `CATEGORIES` and of the regression's groups.
        index: market index.
        regression: hedonic regression of what the index leaves.
        tables: monthly history of what the regression leaves, by kind of key.
    """

    def __init__(
        self,
        categories: dict[str, Categories],
        index: MarketIndex,
        regression: HedonicRegression,
        tables: dict[str, pl.DataFrame],
    ) -> None:
        self.categories = categories
        self.index = index
        self.regression = regression
        self.tables = tables
        self.histories = {
            (key, half_life): History(tables[key], half_life)
            for key, half_lives in HALF_LIVES.items()
            for half_life in half_lives
        }
        remembered = [f"{key.removesuffix('_key')}_{half:g}m" for key, half in self.histories]
        self.names: tuple[str, ...] = (
            *CATEGORIES,
            *QUANTITIES,
            HEDONIC,
            *(f"index_change_{lag}m" for lag in MOMENTUM),
            *(f"{name}_{part}" for name in remembered for part in ("level", "weight")),
        )
        self.kinds: tuple[str, ...] = tuple("c" if name in CATEGORIES else "q" for name in self.names)

    @classmethod
    def fit(cls, train: pl.DataFrame, history: pl.DataFrame) -> HdbTransformation:
        """Fit the codes on the training rows, and collect index, regression and history over all rows, month by month."""
        derived = derive(train)
        categories = {name: Categories.fit(derived[name]) for name in _CODED}
        # Sums of floats depend on their order: one order, however the rows were delivered.
        rows = derive(history.sort(sorted(set(history.columns) - {"source_file", "source_line"})))
        month = rows[MONTH].to_numpy()
        value = np.log(rows["resale_price"].to_numpy() / rows["floor_area_sqm"].to_numpy())
        index = MarketIndex.fit(rows["town_type_key"], month, value)
        relative = value - index.at(month) - hedonic.FIRST_GUESS
        terms = hedonic.terms(rows, categories)
        regression = HedonicRegression.fit(terms, month, relative, half_life=hedonic.HALF_LIFE, penalty=hedonic.PENALTY)
        rest = relative - regression.predict(terms, month)
        return cls(categories, index, regression, {key: monthly_totals(rows[key], month, rest) for key in HALF_LIVES})

    def transform(self, rows: pl.DataFrame) -> Features:
        """Return features of shape (n, p), and as baseline log(area) + the last known index + the hedonic value."""
        rows = derive(rows)
        month = rows[MONTH].to_numpy()
        expected = self.regression.predict(hedonic.terms(rows, self.categories), month)
        columns = [self.categories[name].encode(rows[name]) for name in CATEGORIES]
        columns += [rows[name].cast(pl.Float64).to_numpy() for name in QUANTITIES]
        columns.append(expected)
        latest = self.index.before(month)
        columns += [latest - self.index.before(month, lag=lag) for lag in MOMENTUM]
        for (key, _), history in self.histories.items():
            columns += history.lookup(rows[key], month)
        area = rows["floor_area_sqm"].to_numpy()
        baseline = np.log(area) + hedonic.FIRST_GUESS + latest + expected
        return Features(np.column_stack(columns).astype(np.float32), baseline)

    def transform_rows(self, rows: Sequence[Row]) -> Features:
        """Return what `transform` returns, for few rows; see `features.matrix.RowTransformation`."""
        found = [self._transform_row(derive_row(row)) for row in rows]
        matrix = np.array([values for values, _ in found], dtype=np.float64).astype(np.float32)
        return Features(matrix, np.array([baseline for _, baseline in found], dtype=np.float64))

    def _transform_row(self, row: dict[str, Any]) -> tuple[list[float], float]:
        month = row[MONTH]
        expected = self.regression.predict_one(hedonic.terms_of_row(row, self.categories), month)
        values = [self.categories[name].code(row[name]) for name in CATEGORIES]
        values += [float(row[name]) for name in QUANTITIES]
        values.append(expected)
        latest = self.index.before_one(month)
        values += [latest - self.index.before_one(month, lag=lag) for lag in MOMENTUM]
        for (key, _), history in self.histories.items():
            values += history.lookup_one(row[key], month)
        # numpy's logarithm, not that of `math`: their last bits differ.
        return values, float(np.log(row["floor_area_sqm"])) + hedonic.FIRST_GUESS + latest + expected

    def label(self, rows: pl.DataFrame, features: Features) -> NDArray[np.float64]:
        """Log of the price relative to area, market and hedonic value, shape (n,)."""
        return np.log(rows["resale_price"].to_numpy()) - features.baseline

    def target(self, features: Features, output: NDArray[np.float64]) -> NDArray[np.float64]:
        """Price in Singapore dollars, shape (n,)."""
        return np.exp(output + features.baseline)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write `transformation.json`, `history.parquet` and `hedonic.parquet`."""
        table = pl.concat(
            self.tables[key].select(pl.lit(key).alias("kind"), "key", "month", "total", "count") for key in HALF_LIVES
        )
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / _HISTORY) as path:
            table.write_parquet(path)
        with replacing(folder / _HEDONIC) as path:
            self.regression.to_frame().write_parquet(path)
        state = {
            "format_version": FORMAT_VERSION,
            "use_case": "hdb_resale",
            "categories": {name: codes.values for name, codes in self.categories.items()},
            "index": {"first_month": self.index.first_month, "values": self.index.values},
            "features": [{"name": name, "kind": kind} for name, kind in zip(self.names, self.kinds, strict=True)],
        }
        write_json(folder / _STATE, state)
        return {"features": len(self.names), "history_rows": table.height, "months": len(self.index.values)}

    @classmethod
    def load(cls, folder: Path) -> HdbTransformation:
        """Read what `save` wrote.

        Raises:
            UserError: written by another version of this format.
        """
        state = read_json(folder / _STATE)
        if state.get("format_version") != FORMAT_VERSION or state.get("use_case") != "hdb_resale":
            raise UserError(
                f"{folder / _STATE}: {state.get('use_case')!r} in format {state.get('format_version')!r}, "
                f"this code reads format {FORMAT_VERSION} of 'hdb_resale'",
                hint="use the code archive that the model was trained with, or train again",
            )
        table = pl.read_parquet(folder / _HISTORY)
        tables = {key: table.filter(pl.col("kind") == key).drop("kind") for key in HALF_LIVES}
        categories = {name: Categories(state["categories"][name]) for name in _CODED}
        regression = HedonicRegression.from_frame(pl.read_parquet(folder / _HEDONIC))
        return cls(categories, MarketIndex(**state["index"]), regression, tables)
