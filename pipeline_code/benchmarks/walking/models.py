"""What models frozen at the end of a year say about the months that follow.

* `plain`: XGBoost on the columns of the data, month and month of the year among them; it learns the price itself, so it
  knows no market later than its last training month.
* `packaged`: the use case's model as its artefact is served, with index and histories up to its last training month.
* `live`: the same trees, with index and histories that go on month by month.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.data import months
from govml_pipeline.data.validation import list_files, validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.files import replacing
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model
from govml_pipeline.model.training import train
from govml_pipeline.usecase import load_use_case
from usecases.hdb_resale.derive import LEASE_YEARS, MONTH, STOREY, derive

NAMES: Final = ("plain", "packaged", "live")
#: Trees of every model: enough for both kinds of features, and the same for all so that nothing is chosen here.
ROUNDS: Final = 300
_SEED: Final = 20170101
_QUANTITIES: Final = ("floor_area_sqm", "lease_commence_date", LEASE_YEARS, STOREY, MONTH, "month_of_year")
_CODED: Final = ("town", "flat_type", "flat_model")
#: Months kept back while training, as the pipeline does; their trees are fitted on them as well.
_VALIDATION: Final = 6


@dataclass(frozen=True)
class Market:
    """All rows of the data, in the order of their months.

    Args:
        rows: validated rows with `month_number`, shape (n, columns).
    """

    rows: pl.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Market:
        """Read the CSV files of a folder.

        Raises:
            UserError: no folder, or files that break the contract.
        """
        if not folder.is_dir():
            raise UserError(f"there is no folder {folder}", hint="give DATA=<folder of CSV files>")
        files, _ = list_files(folder)
        rows = validate_files(files, load_use_case("hdb_resale").contract).rows
        number = months.number_expression("month").cast(pl.Int64).alias(MONTH)
        return cls(rows.with_columns(number).sort(MONTH, maintain_order=True))


def frozen(market: Market, name: str, origin: str, last: str) -> pl.DataFrame:
    """Train on the rows before `origin`; return `month`, `resale_price` and `prediction` (S$) of the later ones.

    Args:
        market: the data.
        name: one of `NAMES`.
        origin: first month that the model has not seen, `YYYY-MM`.
        last: last month to predict.
    """
    rows = market.rows.filter((pl.col("month") >= origin) & (pl.col("month") <= last)).drop(MONTH)
    learn = market.rows.filter(pl.col("month") < origin).drop(MONTH)
    said = _plain(learn, rows) if name == "plain" else _ours(market, learn, rows, origin, live=name == "live")
    return rows.select("month", "resale_price").with_columns(pl.Series("prediction", said))


def cached(market: Market, folder: Path, name: str, origin: str, last: str) -> pl.DataFrame:
    """`frozen`, kept in a folder, so that a second run of the benchmark trains nothing."""
    path = folder / f"{name}-{origin}.parquet"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            frozen(market, name, origin, last).write_parquet(temporary)
    return pl.read_parquet(path)


def _plain(learn: pl.DataFrame, rows: pl.DataFrame) -> Any:
    import xgboost

    types = ["c"] * len(_CODED) + ["q"] * len(_QUANTITIES)
    codes = {name: {value: code for code, value in enumerate(sorted(learn[name].unique()))} for name in _CODED}
    shape = {"feature_types": types, "enable_categorical": True}

    def matrix(frame: pl.DataFrame) -> Any:
        frame = derive(frame).with_columns((pl.col(MONTH) % 12 + 1).alias("month_of_year"))
        coded = [
            frame[name].replace_strict(codes[name], default=None, return_dtype=pl.Float64).to_numpy() for name in _CODED
        ]
        return np.column_stack([*coded, *(frame[name].cast(pl.Float64).to_numpy() for name in _QUANTITIES)])

    settings = {**load_use_case("hdb_resale").training.parameters, "colsample_bytree": 0.8, "seed": _SEED}
    data = xgboost.QuantileDMatrix(matrix(learn), np.log(learn["resale_price"].to_numpy()), **shape)
    booster = xgboost.train(settings, data, ROUNDS)
    return np.exp(booster.predict(xgboost.DMatrix(matrix(rows), **shape)).astype(np.float64))


def _ours(market: Market, learn: pl.DataFrame, rows: pl.DataFrame, origin: str, *, live: bool) -> Any:
    use_case = load_use_case("hdb_resale")
    later = learn.select(months.number_expression("month")).to_series() >= months.number(origin) - _VALIDATION
    packaged = use_case.transformation.fit(learn, learn)
    trial = Trial(dict(use_case.training.parameters), ROUNDS, 0.0, "rmse")
    trained = train(use_case, packaged, learn.filter(~later), learn.filter(later), trial=trial, seed=_SEED)
    # The same categories, hence the same columns; only what later months add to index and histories is new.
    known = use_case.transformation.fit(learn, market.rows.drop(MONTH)) if live else packaged
    model = Model(use_case, trained.fitted, trained.labels, known, {"model_version": origin})
    return model.predict(rows)["prediction"]
