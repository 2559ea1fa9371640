"""Step Track: everything that was measured and made goes into one MLflow run."""

from __future__ import annotations

import argparse

from govml_pipeline import paths
from govml_pipeline.files import all_or_nothing, read_json, write_json
from govml_pipeline.model.artefact import unpacked
from govml_pipeline.steps.evaluate import EVALUATION
from govml_pipeline.steps.validate import REPORT
from govml_pipeline.tracking.run import log_run

TRACKING = "tracking.json"


def run(options: argparse.Namespace) -> None:
    """Record `input/{model,report,evaluation,assessment}` in MLflow; leave the run's id in `output/tracking`."""
    with unpacked(paths.processing_input("model")) as model:
        tracking = log_run(
            use_case=options.use_case,
            model=model,
            validation=read_json(paths.processing_input("report") / REPORT),
            evaluation=read_json(paths.processing_input("evaluation") / EVALUATION),
            reports=paths.processing_input("assessment"),
        )
    with all_or_nothing(paths.processing_output("tracking")) as folder:
        write_json(folder / TRACKING, tracking)
    print(f"MLflow run {tracking['run_id']} of experiment {tracking['experiment_name']!r}")
