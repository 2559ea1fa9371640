"""What this use case says about itself."""

from __future__ import annotations

from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.usecase import TrainingSettings, UseCase
from usecases.service_requests.card import CARD
from usecases.service_requests.features import CONTRACT, Features
from usecases.service_requests.model_tests import MODEL_TESTS

USE_CASE = UseCase(
    name="service_requests",
    contract=CONTRACT,
    transformation=Features,
    kind="classification",
    training=TrainingSettings(
        algorithm="xgboost",
        parameters={
            "max_depth": 3,
            "eta": 0.08,
            "min_child_weight": 10,
            "subsample": 0.8,
            "colsample_bytree": 0.6,
        },
        search={
            "max_depth": (2, 3, 4, 6),
            "eta": (0.04, 0.08),
            "min_child_weight": (5, 10, 30),
            "colsample_bytree": (0.4, 0.6, 0.8),
        },
        recency_half_life=24.0,
    ),
    segments=("region", "channel", "category"),
    positive="YES",
    fairness=FairnessSettings(groups=("region", "language")),
    model_tests=MODEL_TESTS,
    card=CARD,
    # A request has a number of its own, and is closed up to two months later.
    monitoring=MonitoringSettings(join="key", label_delay=2),
)
