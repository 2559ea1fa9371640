"""The use case's model against two other libraries and three simpler models; prints a Markdown table.

    make bakeoff DATA=FOLDER TEST_FROM=YYYY-MM TEST_TO=YYYY-MM

Every model gets the same rows, split and, where it can, the same features. The three tree libraries get the same search:
CONFIGURATIONS sets of parameters each, drawn with one seed from ranges of the same meaning, rounds by early stopping on the
six months before the window; the best on those months is fitted once more on all months before the window. Nothing is
chosen by the test months. `plain` features are those without any memory: categories, area, lease, storey and the market.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

CONFIGURATIONS = 3
ROUNDS, PATIENCE = 2000, 50
#: Rows that are predicted one by one, to time a single request.
ONE_BY_ONE = 200


#: Ranges of each library for the same four things: size of trees, smallest leaf or ridge, share of columns, step.
SPACES: dict[str, dict[str, list[Any]]] = {
    "XGBoost": {
        "max_depth": [6, 7, 8],
        "min_child_weight": [5, 20],
        "colsample_bytree": [0.4, 0.7],
        "eta": [0.05, 0.1],
    },
    "LightGBM": {
        "num_leaves": [63, 127, 255],
        "min_data_in_leaf": [5, 20],
        "feature_fraction": [0.4, 0.7],
        "learning_rate": [0.05, 0.1],
    },
    "CatBoost": {"depth": [6, 7, 8], "l2_leaf_reg": [3, 10], "rsm": [0.4, 0.7], "learning_rate": [0.05, 0.1]},
}


@dataclass(frozen=True)
class Rows:
    """Rows to learn from or to stop by: features (n, p), what is learnt (n,), weights (n,), positions of category codes."""

    x: Any
    y: Any
    weight: Any
    categories: list[int]


Predict = Callable[[Any], Any]


def xgboost_model(rows: Rows, parameters: dict[str, Any], stop: Rows | int) -> tuple[Predict, int]:
    import xgboost

    kinds = ["c" if column in rows.categories else "q" for column in range(rows.x.shape[1])]
    shape = {"feature_types": kinds, "enable_categorical": True}
    settings = {
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "nthread": 2,
        "seed": 1,
        "subsample": 0.8,
        **parameters,
    }
    first = xgboost.QuantileDMatrix(rows.x, rows.y, weight=rows.weight, **shape)
    if isinstance(stop, int):
        booster, rounds = xgboost.train(settings, first, stop), stop
    else:
        later = xgboost.QuantileDMatrix(stop.x, stop.y, weight=stop.weight, ref=first, **shape)
        booster = xgboost.train(
            settings, first, ROUNDS, evals=[(later, "v")], early_stopping_rounds=PATIENCE, verbose_eval=False
        )
        rounds = booster.best_iteration + 1
    return (lambda x: booster.predict(xgboost.DMatrix(x, **shape), iteration_range=(0, rounds))), rounds


def lightgbm_model(rows: Rows, parameters: dict[str, Any], stop: Rows | int) -> tuple[Predict, int]:
    import lightgbm

    settings = {
        "objective": "l2",
        "num_threads": 2,
        "verbose": -1,
        "seed": 1,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
    }
    settings |= parameters
    data = lightgbm.Dataset(
        rows.x, rows.y, weight=rows.weight, categorical_feature=rows.categories, free_raw_data=False
    )
    if isinstance(stop, int):
        booster, rounds = lightgbm.train(settings, data, stop), stop
    else:
        later = lightgbm.Dataset(stop.x, stop.y, weight=stop.weight, reference=data)
        callbacks = [lightgbm.early_stopping(PATIENCE, verbose=False)]
        booster = lightgbm.train(settings, data, ROUNDS, valid_sets=[later], callbacks=callbacks)
        rounds = booster.best_iteration
    return (lambda x: booster.predict(x, num_iteration=rounds)), rounds


def catboost_model(rows: Rows, parameters: dict[str, Any], stop: Rows | int) -> tuple[Predict, int]:
    import catboost
    import pandas as pd

    def pool(x: Any, y: Any = None, weight: Any = None) -> Any:
        """CatBoost takes categories as whole numbers, of which -1 is one that was never seen."""
        frame = {
            str(column): np.nan_to_num(x[:, column], nan=-1).astype(int) if column in rows.categories else x[:, column]
            for column in range(x.shape[1])
        }
        return catboost.Pool(pd.DataFrame(frame), y, cat_features=rows.categories, weight=weight)

    model = catboost.CatBoostRegressor(
        iterations=stop if isinstance(stop, int) else ROUNDS,
        thread_count=2,
        random_seed=1,
        verbose=False,
        allow_writing_files=False,
        **parameters,
    )
    if isinstance(stop, int):
        model.fit(pool(rows.x, rows.y, rows.weight))
        return (lambda x: model.predict(pool(x))), stop
    model.fit(
        pool(rows.x, rows.y, rows.weight), eval_set=pool(stop.x, stop.y, stop.weight), early_stopping_rounds=PATIENCE
    )
    return (lambda x: model.predict(pool(x))), model.best_iteration_ + 1


LIBRARIES: dict[str, Callable[..., tuple[Predict, int]]] = {
    "XGBoost": xgboost_model,
    "LightGBM": lightgbm_model,
    "CatBoost": catboost_model,
}


class BakeOff:
    """Rows, split and features that every model gets.

    Args:
        options: what `evaluate.read` wants.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        from evaluate import read

        from govml_pipeline.usecase import load_use_case
        from usecases.hdb_resale.derive import MONTH, derive

        use_case = load_use_case("hdb_resale")
        self.rows, split = read(options, use_case)
        self.transformation = use_case.transformation.fit(split.train, self.rows)
        self.features = self.transformation.transform(self.rows)
        self.label = self.transformation.label(self.rows, self.features)
        self.month = derive(self.rows)[MONTH].to_numpy()
        self.price = self.rows["resale_price"].to_numpy()
        self.trained, self.test = split.train.height, split.train.height + split.validation.height
        self.half_life = use_case.training.recency_half_life or np.inf

    def column(self, name: str) -> Any:
        return self.features.matrix[:, self.transformation.names.index(name)].astype(np.float64)

    def show(self, name: str, which: str, price: Any, *rest: str) -> None:
        """Print one line of the table; `price` is predicted for the test months."""
        from govml_pipeline.evaluation.regression import regression_metrics

        found = regression_metrics(self.price[self.test :], price)
        rest = rest or ("",) * 5
        cells = [f"{found['mape']:.2f}", f"{found['mae']:,.0f}", f"{found['r2']:.4f}", *rest]
        print(f"| {name} | {which} | " + " | ".join(cells) + " |", flush=True)

    def simple(self) -> None:
        """Models without trees."""
        import polars as pl

        frame = self.rows.select(
            "town", "flat_type", "floor_area_sqm", sqm=pl.col("resale_price") / pl.col("floor_area_sqm")
        ).with_columns(month=pl.Series(self.month))
        parts = []
        for (number,), part in frame.slice(self.test).with_row_index().group_by("month"):
            past = frame.filter((pl.col("month") < number) & (pl.col("month") >= number - 6))
            middle = past.group_by("town", "flat_type").agg(pl.col("sqm").median().alias("known"))
            known = pl.col("known").fill_null(past["sqm"].median())
            parts.append(part.join(middle, on=["town", "flat_type"], how="left").with_columns(known))
        naive = pl.concat(parts).sort("index").select(pl.col("known") * pl.col("floor_area_sqm")).to_series()
        self.show("median per sqm of town and type, last 6 months", "none", naive.to_numpy())
        expected = np.exp(self.features.baseline)
        self.show("hedonic regression, learnt month by month", "its terms", expected[self.test :])
        trust = self.column("block_12m_weight")
        worth = expected * np.exp(np.nan_to_num(self.column("block_12m_level")) * trust / (trust + 1.0))
        self.show("the same, and the block's own history", "its terms, 1 history", worth[self.test :])

    def trees(self, name: str, *, memory: bool) -> None:
        """Search and fit one library on all features, or on those without any memory of past sales."""
        names = self.transformation.names
        remembered = [each for each in names if each.endswith(("_level", "_weight")) or each == "hedonic_value"]
        columns = [i for i, each in enumerate(names) if memory or each not in remembered]
        categories = [i for i, column in enumerate(columns) if self.transformation.kinds[column] == "c"]
        matrix = self.features.matrix[:, columns].astype(np.float64)
        # Without memory, the price over area and market is learnt, and the hedonic value is not known.
        hedonic = 0.0 if memory else self.column("hedonic_value")
        base, goal = self.features.baseline - hedonic, self.label + hedonic

        def rows(first: int, last: int) -> Rows:
            weight = 0.5 ** ((self.month[first:last].max() - self.month[first:last]) / self.half_life)
            return Rows(matrix[first:last], goal[first:last], weight, categories)

        draw = random.Random(1)  # noqa: S311  a search, no secret
        started = time.process_time()
        found = []
        for number in range(CONFIGURATIONS):
            parameters = {key: draw.choice(values) for key, values in SPACES[name].items()}
            predict, rounds = LIBRARIES[name](rows(0, self.trained), parameters, rows(self.trained, self.test))
            later = slice(self.trained, self.test)
            error = np.abs(np.exp(predict(matrix[later]) + base[later]) / self.price[later] - 1).mean()
            found.append((error, number, parameters, rounds))
        _, _, parameters, rounds = min(found, key=lambda each: each[:2])
        searched = time.process_time()
        predict, _ = LIBRARIES[name](rows(0, self.test), parameters, rounds)
        fitted = time.process_time()
        test = matrix[self.test :]
        clock = time.perf_counter()
        price = np.exp(predict(test) + base[self.test :])
        rate = len(test) / (time.perf_counter() - clock)
        clock = time.perf_counter()
        for row in range(ONE_BY_ONE):
            predict(test[row : row + 1])
        one = (time.perf_counter() - clock) / ONE_BY_ONE
        print(f"{name}, {'all' if memory else 'plain'}: {parameters}", file=sys.stderr)
        costs = (f"{searched - started:.0f}", f"{fitted - searched:.0f}", f"{rate:,.0f}", f"{one * 1e3:.2f}")
        self.show(name, "all" if memory else "plain", price, str(rounds), *costs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--test-from", required=True, metavar="YYYY-MM")
    parser.add_argument("--test-to", required=True, metavar="YYYY-MM")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    bakeoff = BakeOff(options)
    print("| model | features | MAPE % | MAE S$ | R2 | rounds | search CPU s | fit CPU s | rows/s | one row, ms |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    bakeoff.simple()
    for memory in (False, True):
        for name in LIBRARIES:
            bakeoff.trees(name, memory=memory)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
