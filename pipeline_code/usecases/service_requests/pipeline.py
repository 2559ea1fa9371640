"""The SageMaker pipeline of this use case. `definition.json` beside it is what gets deployed.

Regenerate with `python -m govml_pipeline.authoring`.
"""

from __future__ import annotations

from sagemaker.mlops.workflow import Pipeline

from govml_pipeline.authoring.training_pipeline import Differences
from govml_pipeline.authoring.training_pipeline import build as build_training


def build() -> Pipeline:
    """Return the training pipeline of late service requests."""
    return build_training(
        Differences(
            use_case="service_requests",
            headline="binary_classification_metrics.roc_auc",
            criteria={"roc_auc": {"min": 0.75}, "log_loss": {"max": 0.35}},
        )
    )
