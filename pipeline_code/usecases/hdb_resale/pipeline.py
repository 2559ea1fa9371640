"""The SageMaker pipeline of this use case. `definition.json` beside it is what gets deployed.

Regenerate with `python -m govml_pipeline.authoring`.
"""

from __future__ import annotations

from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring.training_pipeline import Differences
from govml_pipeline.authoring.training_pipeline import build as build_training


def build() -> Pipeline:
    """Return the training pipeline of resale prices."""
    return build_training(
        Differences(
            use_case="hdb_resale",
            headline="regression_metrics.mape",
            criteria={"mape": {"max": 6.0}, "mae": {"max": 40000.0}},
        )
    )
