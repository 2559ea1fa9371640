"""The features of this use case that are remembered: what blocks, streets and the market did until a month's end.

The values are those of `features/history.py` and `features/market_index.py`, made by the very objects of the fitted
transformation. `feature_groups.json` beside this file is what the infrastructure deploys; regenerate it with
`python -m govml_pipeline.feature_store --use-case hdb_resale`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.feature_store.group import EVENT_TIME, TIME, Feature, FeatureGroup
from govml_pipeline.feature_store.times import month_begins, month_ends
from govml_pipeline.features.matrix import Features
from usecases.hdb_resale.derive import MONTH, derive
from usecases.hdb_resale.features import CATEGORIES, HALF_LIVES, MOMENTUM, QUANTITIES, HdbTransformation
from usecases.hdb_resale.hedonic import FIRST_GUESS, terms

MARKET: Final = "market"
#: 2: levels are relative to what the hedonic regression expects, no longer to the market index alone.
_VERSION: Final = 2
_WHO: Final = {
    "block_key": "a block",
    "block_type_key": "flats of one type in a block",
    "project_key": "a project",
    "project_type_key": "flats of one type and model in a project",
    "street_type_key": "flats of one type in a street",
    "town_type_key": "flats of one type in a town",
}


def _history(key: str, half_lives: tuple[float, ...]) -> FeatureGroup:
    kind = key.removesuffix("_key")
    features = []
    for half in half_lives:
        decay = f"half-life {half:g} months"
        features += [
            Feature(f"{kind}_{half:g}m_level", "Fractional", f"Mean log of price over what was expected, {decay}."),
            Feature(
                f"{kind}_{half:g}m_weight",
                "Fractional",
                f"Effective number of sales as the next month begins, {decay}.",
            ),
        ]
    return FeatureGroup(
        name=f"{kind}_history",
        description=f"Past prices of {_WHO[key]}, over index and hedonic value, at the end of each month with a sale.",
        record_identifier=key,
        features=tuple(features),
        version=_VERSION,
    )


_MARKET_INDEX: Final = FeatureGroup(
    name="market_index",
    description="Index of resale prices in Singapore at the end of each month.",
    record_identifier=MARKET,
    features=(
        Feature("market_index_level", "Fractional", "Log of the price level, 0 in the first month."),
        *(
            Feature(f"index_change_{lag}m", "Fractional", f"Change of the index over the last {lag} months.")
            for lag in MOMENTUM
        ),
    ),
)
GROUPS: Final = (*(_history(key, half_lives) for key, half_lives in HALF_LIVES.items()), _MARKET_INDEX)


def compute(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the records of every group from validated rows with prices: one for each entity and month with news."""
    fitted = HdbTransformation.fit(rows, rows)
    frames = {}
    for key, half_lives in HALF_LIVES.items():
        kind, table = key.removesuffix("_key"), fitted.tables[key]
        values: dict[str, object] = {key: table["key"], EVENT_TIME: table["month"]}
        for half in half_lives:
            # What is known when the month is over is what a sale of the next month sees.
            level, weight = fitted.histories[key, half].lookup(table["key"], table["month"].to_numpy() + 1)
            values |= {f"{kind}_{half:g}m_level": level, f"{kind}_{half:g}m_weight": weight}
        frames[f"{kind}_history"] = _at_month_ends(values)
    index = fitted.index
    month = np.arange(index.first_month, index.first_month + len(index.values))
    latest = index.before(month + 1)
    frames[_MARKET_INDEX.name] = _at_month_ends(
        {MARKET: ["singapore"] * len(month), EVENT_TIME: month, "market_index_level": latest}
        | {f"index_change_{lag}m": latest - index.before(month + 1, lag=lag) for lag in MOMENTUM}
    )
    return frames


def entities(rows: pl.DataFrame) -> pl.DataFrame:
    """Return validated rows (without prices, as a request has them) with the entities they ask for, and when they ask."""
    return derive(rows).with_columns(pl.lit("singapore").alias(MARKET), month_begins(pl.col(MONTH)).alias(TIME))


def features(rows: pl.DataFrame, fitted: HdbTransformation) -> Features:
    """Turn a training set or a serving set into the features of the model; both take this way.

    Args:
        rows: what `FeatureStore.training_set` or `serving_set` returns for `entities`.
        fitted: gives the codes and the hedonic regression, which are the model's own and not remembered by the store.
    """
    columns = [fitted.categories[name].encode(rows[name]) for name in CATEGORIES]
    columns += [rows[name].cast(pl.Float64).to_numpy() for name in QUANTITIES]
    expected = fitted.regression.predict(terms(rows, fitted.categories), rows[MONTH].to_numpy())
    columns.append(expected)
    # Nothing is known before the first month, whose index is 0 by definition.
    columns += [rows[f"index_change_{lag}m"].fill_null(0.0).to_numpy() for lag in MOMENTUM]
    for key, half_lives in HALF_LIVES.items():
        kind = key.removesuffix("_key")
        known = rows[f"{kind}_history_{EVENT_TIME}"]
        # Event times are month ends, so the day after tells the month from which the weight fades.
        since = known.dt.offset_by("1s").dt.convert_time_zone("Asia/Singapore")
        age = (rows[MONTH] - (since.dt.year() * 12 + since.dt.month().cast(pl.Int32) - 1)).cast(pl.Float64)
        for half in half_lives:
            fade = 2.0 ** (-age.fill_null(0.0).to_numpy() / half)
            columns.append(rows[f"{kind}_{half:g}m_level"].fill_null(np.nan).to_numpy())
            columns.append(rows[f"{kind}_{half:g}m_weight"].fill_null(0.0).to_numpy() * fade)
    latest = rows["market_index_level"].fill_null(0.0).to_numpy()
    baseline = np.log(rows["floor_area_sqm"].to_numpy()) + FIRST_GUESS + latest + expected
    return Features(np.column_stack(columns).astype(np.float32), baseline)


def _at_month_ends(values: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(values).with_columns(month_ends(pl.col(EVENT_TIME)).alias(EVENT_TIME))
