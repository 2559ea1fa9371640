"""Train on what came before, measure on the last months, all in one process; prints JSON.

    python benchmarks/evaluate.py --data FOLDER [--pattern 'resale_2017*.csv.gz'] [--test-months 12]

The same functions as the pipeline's steps, without the folders between them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GOVML_HDB_DATA", ".")))
    parser.add_argument("--pattern", default="resale_2017*.csv*")
    parser.add_argument("--test-months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20170101)
    options = parser.parse_args()
    files = sorted(options.data.glob(options.pattern))
    if not files:
        sys.exit(f"error: no file {options.pattern} in {options.data}; set GOVML_HDB_DATA or give --data")

    import polars as pl

    import govml_pipeline.model  # noqa: F401  sets how OpenMP waits, before XGBoost is loaded
    from govml_pipeline.data.split import split_by_month
    from govml_pipeline.data.validation import validate_files
    from govml_pipeline.evaluation.report import evaluation_report
    from govml_pipeline.model.algorithms.base import Trial
    from govml_pipeline.model.artefact import Model
    from govml_pipeline.model.training import run_trial, train
    from govml_pipeline.usecase import load_use_case

    use_case = load_use_case("hdb_resale")
    clock = {"start": time.perf_counter()}
    rows = validate_files(files, use_case.contract).rows
    split = split_by_month(rows, "month", test_months=options.test_months, validation_months=6)
    clock["read"] = time.perf_counter()
    transformation = use_case.transformation.fit(split.train, rows)
    clock["fit"] = time.perf_counter()
    defaults, seed = use_case.training.parameters, options.seed
    found = run_trial(use_case, transformation, split.train, split.validation, parameters=defaults, seed=seed)
    found.pop("seconds")
    trained = train(use_case, transformation, split.train, split.validation, trial=Trial(**found), seed=seed)
    clock["train"] = time.perf_counter()
    model = Model(use_case, trained.fitted, trained.labels, transformation, {"model_version": "benchmark"})
    frame = pl.concat([split.test, model.predict(split.test)], how="horizontal")
    report = evaluation_report(
        frame, truth="resale_price", predicted="prediction", segments=use_case.segments, time_column="month"
    )
    clock["evaluate"] = time.perf_counter()
    names = list(clock)
    print(
        json.dumps(
            {
                **{name: entry["value"] for name, entry in report["regression_metrics"].items()},
                "window": report["window"],
                "trees": trained.summary["rounds"],
                "seconds": {b: round(clock[b] - clock[a], 2) for a, b in itertools.pairwise(names)},
                "cpu_seconds": round(time.process_time(), 1),
                "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "segments": report["segments"],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
