"""A test bench: one stack in which every construct stands once, under its own id, judged by both nag packs."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App

from bench.account import add_baseline, add_costs
from bench.ai_service import add_ai_service, add_vector_stores
from bench.data import add_data
from bench.delivery import add_delivery, add_promotion
from bench.events import add_ingestion, add_releases, add_retraining
from bench.foundation import add_foundation
from bench.grafana import add_grafana
from bench.ground import BenchStack, Ground, Stand, key_users, stands
from bench.monitoring import add_monitoring
from bench.names import (
    ADMINISTRATOR,
    DEPLOYER,
    IMPORTED,
    IMPORTED_VPC,
    MODELS,
    ORGANISATION,
    ORGANIZATION,
    OUR_ROLE,
    RULES,
    SLUG,
    SOURCE_SLUG,
    TRUST,
)
from bench.network import add_egress, add_imported_network, add_network
from bench.serving import add_serving
from bench.telemetry import add_telemetry
from bench.use_case import FEATURE_GROUPS, add_platform, add_use_case

__all__ = [
    "ADMINISTRATOR",
    "DEPLOYER",
    "FEATURE_GROUPS",
    "IMPORTED",
    "IMPORTED_VPC",
    "MODELS",
    "ORGANISATION",
    "ORGANIZATION",
    "OUR_ROLE",
    "RULES",
    "SLUG",
    "SOURCE_SLUG",
    "TRUST",
    "Bench",
    "BenchStack",
    "Stand",
    "key_users",
    "stands",
]

_THEMES = (
    add_foundation,
    add_network,
    add_imported_network,
    add_egress,
    add_data,
    add_platform,
    add_use_case,
    add_serving,
    add_telemetry,
    add_ingestion,
    add_releases,
    add_retraining,
    add_ai_service,
    add_vector_stores,
    add_delivery,
    add_promotion,
    add_monitoring,
    add_grafana,
    add_costs,
    add_baseline,
)


class Bench(Ground):
    """The whole bench, one theme after the other: each may take what an earlier one left on the ground."""

    def __init__(self, app: App, folder: Path) -> None:
        super().__init__(app, folder)
        for add_theme in _THEMES:
            add_theme(self)
