"""Train on what came before, measure on the months asked for; prints JSON.

    make evaluate DATA=FOLDER TEST_FROM=YYYY-MM TEST_TO=YYYY-MM [SEED=N]

The model is trained once, on the months before TEST_FROM of all CSV files in the folder; the number of trees is found on
the last six of them. Index, regression and histories of the transformation go on month by month through the test window,
as they would live: a row's features come from strictly earlier months, whichever window it is in
(tests/usecases/hdb_resale/test_unit.py).
The same functions as the pipeline's steps, without the folders between them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

VALIDATION_MONTHS = 6
NAMES = {"n": "n", "mae": "MAE", "rmse": "RMSE", "mape": "MAPE", "mdape": "MdAPE", "r2": "R2", "bias": "bias"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of CSV files, as published, .csv or .csv.gz")
    parser.add_argument("--test-from", required=True, metavar="YYYY-MM", help="first month of the test window")
    parser.add_argument("--test-to", required=True, metavar="YYYY-MM", help="last month of the test window")
    parser.add_argument("--use-case", default="hdb_resale")
    parser.add_argument("--seed", type=int, default=20170101)
    options = parser.parse_args()

    import govml_pipeline.model  # noqa: F401  sets how OpenMP waits, before XGBoost is loaded
    from govml_pipeline.errors import UserError

    try:
        found = evaluate(options)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(found, indent=1))
    return 0


def evaluate(options: argparse.Namespace) -> dict[str, Any]:
    """Return the metrics of the window, overall and by segment, and what they cost.

    Raises:
        UserError: no readable files, a month that is none, or no rows in a window.
    """
    import polars as pl

    from govml_pipeline.evaluation.regression import regression_metrics
    from govml_pipeline.model.algorithms.base import Trial
    from govml_pipeline.model.artefact import Model
    from govml_pipeline.model.training import run_trial, train
    from govml_pipeline.usecase import load_use_case

    clock = {"start": time.perf_counter()}
    use_case = load_use_case(options.use_case)
    rows, split = read(options, use_case)
    clock["read"] = time.perf_counter()
    transformation = use_case.transformation.fit(split.train, rows)
    clock["fit"] = time.perf_counter()
    found = run_trial(
        use_case,
        transformation,
        split.train,
        split.validation,
        parameters=use_case.training.parameters,
        seed=options.seed,
    )
    clock["search"] = time.perf_counter()
    trial = Trial(**{name: value for name, value in found.items() if name != "seconds"})
    trained = train(use_case, transformation, split.train, split.validation, trial=trial, seed=options.seed)
    clock["train"] = time.perf_counter()
    model = Model(use_case, trained.fitted, trained.labels, transformation, {"model_version": "evaluation"})
    frame = pl.concat([split.test, model.predict(split.test)], how="horizontal")
    target, time_column = use_case.contract.target, use_case.contract.time_column

    def measured(part: pl.DataFrame) -> dict[str, float | None]:
        found = regression_metrics(part[target].to_numpy(), part["prediction"].to_numpy())
        return {title: part.height if name == "n" else found[name] for name, title in NAMES.items()}

    segments = {
        name: {str(value): measured(part) for (value,), part in sorted(frame.partition_by(name, as_dict=True).items())}
        for name in use_case.segments
    }
    overall = measured(frame)
    clock["evaluate"] = time.perf_counter()
    return {
        **overall,
        "units": {"MAE": "S$", "RMSE": "S$", "MAPE": "%", "MdAPE": "%", "bias": "%"},
        "window": {"first_month": frame[time_column].min(), "last_month": frame[time_column].max()},
        "trained_on": {
            "first_month": split.train[time_column].min(),
            "last_month": split.validation[time_column].max(),
            "rows": split.train.height + split.validation.height,
        },
        "segments": segments,
        "trees": trained.summary["rounds"],
        "seconds": {later: round(clock[later] - clock[now], 2) for now, later in itertools.pairwise(clock)},
        "cpu_seconds": round(time.process_time(), 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def read(options: argparse.Namespace, use_case: Any) -> tuple[Any, Any]:
    """Return all rows up to the end of the test window, and their split.

    Raises:
        UserError: see `evaluate`.
    """
    import polars as pl

    from govml_pipeline.data import months
    from govml_pipeline.data.split import Split
    from govml_pipeline.data.validation import list_files, validate_files
    from govml_pipeline.errors import UserError

    first, last = months.number(options.test_from), months.number(options.test_to)
    if last < first:
        raise UserError(f"the test window ends ({options.test_to}) before it begins ({options.test_from})")
    if not options.data.is_dir():
        raise UserError(f"there is no folder {options.data}", hint="give DATA=<folder of CSV files>")
    files, others = list_files(options.data)
    for name in others:
        print(f"not read: {name}", file=sys.stderr)
    validated = validate_files(files, use_case.contract)
    if validated.quarantined.height:
        print(f"{validated.quarantined.height} rows do not keep the contract and are left out", file=sys.stderr)
    number = months.number_expression(use_case.contract.time_column)
    rows = validated.rows.filter(number <= last)
    split = Split(
        train=rows.filter(number < first - VALIDATION_MONTHS),
        validation=rows.filter((number >= first - VALIDATION_MONTHS) & (number < first)),
        test=rows.filter(number >= first),
    )
    dataset = validated.report["dataset"]
    empty = [name for name, part in vars(split).items() if part.is_empty()]
    if empty:
        raise UserError(
            f"no rows for {' and '.join(empty)}: the data covers {dataset['first_month']} to {dataset['last_month']}, "
            f"the test window is {options.test_from} to {options.test_to}, the {VALIDATION_MONTHS} months before it validate",
            hint="choose a window that the data covers, with more than six months before it",
        )
    return pl.concat(vars(split).values()), split


if __name__ == "__main__":
    raise SystemExit(main())
