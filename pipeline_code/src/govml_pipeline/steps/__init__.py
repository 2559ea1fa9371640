"""The steps of a pipeline, by name. A step's module is imported when the step runs: a job pays for its own imports."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def _prepare_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--test-months", type=int, default=12, help="the last N months are the test set (default: 12)")
    parser.add_argument(
        "--validation-months", type=int, default=6, help="the N months before the test set (default: 6)"
    )


def _features_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", choices=("local", "sagemaker"), default="local", help="where to (default: local)")
    parser.add_argument("--prefix", default="", help="what the deployed groups' names start with (store sagemaker)")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on inside the container")  # noqa: S104  the platform's load balancer comes from outside the container
    parser.add_argument("--port", type=int, default=8080, help="SageMaker's port (default: 8080)")
    parser.add_argument("--processes", type=int, help="processes that answer (default: one per core, at most four)")


def _source_arguments(module: str) -> Callable[[argparse.ArgumentParser], None]:
    """Return a function that adds the arguments which the step's module names; importing it costs next to nothing."""

    def add(parser: argparse.ArgumentParser) -> None:
        importlib.import_module(module).add_arguments(parser)

    return add


def _transform_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", default="embedded", help="embedded or spark (default: embedded)")
    parser.add_argument("--master", help="where Spark runs, as in local-cluster[2,1,2048] (default: local[*])")
    parser.add_argument("--rows", help="file or folder of rows, Parquet or CSV (default: the job's input)")
    parser.add_argument("--output", help="folder for the results (default: the job's output)")
    parser.add_argument("--this-month", help="YYYY-MM; later months are in the future (default: now, in Singapore)")


@dataclass(frozen=True)
class Step:
    """One sub-command: the module with its `run(options)`, a one-line summary, and its own arguments."""

    module: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None] = _no_arguments
    needs_use_case: bool = True

    def run(self, options: argparse.Namespace) -> None:
        """Import the step's module and run it."""
        importlib.import_module(self.module).run(options)


STEPS = {
    "ingest": Step(
        "govml_pipeline.steps.ingest",
        "take delivered files into the curated table",
        _source_arguments("govml_pipeline.steps.ingest"),
        needs_use_case=False,
    ),
    "fetch-source": Step(
        "govml_pipeline.steps.fetch_source",
        "put the publisher's data into the raw zone",
        _source_arguments("govml_pipeline.steps.fetch_source"),
        needs_use_case=False,
    ),
    "validate": Step("govml_pipeline.steps.validate", "check raw CSV files against the data contract"),
    "transform": Step(
        "govml_pipeline.steps.transform", "check rows and sum them by month and key, at any scale", _transform_arguments
    ),
    "prepare": Step("govml_pipeline.steps.prepare", "split by time and fit the transformation", _prepare_arguments),
    "features": Step("govml_pipeline.steps.features", "write the feature groups", _features_arguments),
    "trial": Step("govml_pipeline.steps.trial", "measure one draw of parameters on the validation months"),
    "train": Step("govml_pipeline.steps.train", "train the model with the best trial's parameters"),
    "evaluate": Step("govml_pipeline.steps.evaluate", "measure the model on the test months"),
    "assess": Step(
        "govml_pipeline.steps.assess",
        "hold the model against its acceptance criteria; write fairness, explanation, robustness and model card",
        _source_arguments("govml_pipeline.steps.assess"),
    ),
    "monitor": Step(
        "govml_pipeline.steps.monitor",
        "hold what a model answered against its baseline; decide about drift",
        _source_arguments("govml_pipeline.steps.monitor"),
    ),
    "track": Step("govml_pipeline.steps.track", "record the run in MLflow"),
    "predict": Step(
        "govml_pipeline.steps.predict",
        "answer a file of validated rows",
        _source_arguments("govml_pipeline.steps.predict"),
        needs_use_case=False,
    ),
    "serve": Step(
        "govml_pipeline.steps.serve", "answer /ping and /invocations", _serve_arguments, needs_use_case=False
    ),
}
