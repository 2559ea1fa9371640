"""The steps of a pipeline, by name. A step's module is imported when the step runs: a job pays for its own imports."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass

from govml_pipeline.steps import arguments


@dataclass(frozen=True)
class Step:
    """One sub-command: the module with its `run(options)`, a one-line summary, and its own arguments."""

    module: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None] = arguments.no_arguments
    needs_use_case: bool = True

    def run(self, options: argparse.Namespace) -> None:
        """Import the step's module and run it."""
        importlib.import_module(self.module).run(options)


STEPS = {
    "ingest": Step(
        "govml_pipeline.steps.ingest",
        "take delivered files into the curated table",
        arguments.ingest,
        needs_use_case=False,
    ),
    "fetch-source": Step(
        "govml_pipeline.steps.fetch_source",
        "put the publisher's data into the raw zone",
        arguments.fetch_source,
        needs_use_case=False,
    ),
    "validate": Step("govml_pipeline.steps.validate", "check raw CSV files against the data contract"),
    "transform": Step(
        "govml_pipeline.steps.transform", "check rows and sum them by month and key, at any scale", arguments.transform
    ),
    "prepare": Step("govml_pipeline.steps.prepare", "split by time and fit the transformation", arguments.prepare),
    "features": Step("govml_pipeline.steps.features", "write the feature groups", arguments.features),
    "trial": Step("govml_pipeline.steps.trial", "measure one draw of parameters on the validation months"),
    "train": Step("govml_pipeline.steps.train", "train the model with the best trial's parameters"),
    "evaluate": Step("govml_pipeline.steps.evaluate", "measure the model on the test months"),
    "assess": Step(
        "govml_pipeline.steps.assess",
        "hold the model against its acceptance criteria; write fairness, explanation, robustness and model card",
        arguments.assess,
    ),
    "monitor": Step(
        "govml_pipeline.steps.monitor",
        "hold what a model answered against its baseline; decide about drift",
        arguments.monitor,
    ),
    "track": Step("govml_pipeline.steps.track", "record the run in MLflow"),
    "predict": Step(
        "govml_pipeline.steps.predict",
        "answer a file of validated rows",
        arguments.predict,
        needs_use_case=False,
    ),
    "serve": Step("govml_pipeline.steps.serve", "answer /ping and /invocations", arguments.serve, needs_use_case=False),
}
