"""What this use case says about itself."""

from __future__ import annotations

from govml_pipeline.data.contract import load_contract
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.usecase import TrainingSettings, UseCase
from usecases.hdb_resale.card import CARD
from usecases.hdb_resale.derive import DERIVATION
from usecases.hdb_resale.features import HdbTransformation
from usecases.hdb_resale.model_tests import MODEL_TESTS

USE_CASE = UseCase(
    name="hdb_resale",
    contract=load_contract("data_sources.hdb_resale"),
    transformation=HdbTransformation,
    training=TrainingSettings(
        parameters={
            "objective": "reg:squarederror",
            "tree_method": "hist",
            "max_depth": 7,
            "eta": 0.1,
            "min_child_weight": 10,
            "subsample": 0.8,
            "colsample_bytree": 0.5,
            # Fixed, not "all cores": sums over threads may depend on their number, and the same data must give the
            # same model.
            "nthread": 2,
        },
        max_rounds=600,
        early_stopping_rounds=30,
        recency_half_life=36.0,
        search={
            "max_depth": (6, 7, 8),
            "eta": (0.1, 0.15),
            "min_child_weight": (10, 30),
            "colsample_bytree": (0.5, 0.7),
        },
    ),
    segments=("town", "flat_type"),
    derivation=DERIVATION,
    fairness=FairnessSettings(groups=("town", "flat_type")),
    model_tests=MODEL_TESTS,
    card=CARD,
    # A sale has no id: its price is found by what was sold, and is published with its month.
    monitoring=MonitoringSettings(join="key", label_delay=0),
)
