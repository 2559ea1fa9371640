"""Maturity stages as data: the switches that each stage turns on.

The stages follow the MLOps playbook of the GovTech AI Practice: stage 1 ends in a basic service endpoint, stage 2 has
automated data pipelines, CI/CD, experiment tracking, monitoring and systematic retraining, stage 3 iterates faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from govml.settings.features import FeatureSettings, Switches

Maturity = Literal["stage1", "stage2", "stage3"]

_STAGE1 = frozenset({"alarms", "endpoints"})
_STAGE2 = _STAGE1 | {
    "catalogue",
    "ingestion",
    "experiment_tracking",
    "training_pipeline",
    "pipeline_schedule",
    "release",
    "monitoring",
    "dashboards",
    "cicd",
}
_STAGE3 = _STAGE2 | {
    "studio",
    "ai_service",
    "feature_store",
    "vector_store",
    "synthetic_canary",
    "managed_prometheus",
    "tracing",
}

PRESETS: Mapping[Maturity, frozenset[str]] = MappingProxyType({"stage1": _STAGE1, "stage2": _STAGE2, "stage3": _STAGE3})

OPT_IN = frozenset({"gcc_baseline", "lake_formation", "managed_grafana", "personas", "warehouse"})
"""Switches that no stage turns on: what a landing zone demands, who may be whom, whether the account's tables are Lake
Formation's, whether there is a warehouse beside the lake, and whether editors of dashboards are paid for and signed in by a
provider of the agency's, is no matter of maturity."""


@lru_cache(maxsize=64)
def switches_of(maturity: Maturity, features: FeatureSettings) -> Switches:
    """Return which components exist: the preset of a stage, overridden by what an agency says of single ones."""
    said = features.model_dump(exclude_none=True)
    return Switches(**{name: said.get(name, name in PRESETS[maturity]) for name in FeatureSettings.model_fields})
