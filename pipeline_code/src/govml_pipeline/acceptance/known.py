"""Everything that was measured under flat, dotted names: what a criterion may name."""

from __future__ import annotations

from typing import Any

from govml_pipeline.champion.input import champion_metrics
from govml_pipeline.evaluation.bootstrap import finite


def known_metrics(
    *,
    evaluation: dict[str, Any],
    operational: dict[str, Any],
    fairness: dict[str, Any] | None = None,
    robustness: dict[str, Any] | None = None,
    model_tests: dict[str, Any] | None = None,
) -> dict[str, float | None]:
    """Flatten the reports of the steps Evaluate and Assess.

    Returns:
        The evaluation's metrics by their own name (`mape`); `operational.latency_p99_ms`; `fairness.town.mape_gap`;
        `robustness.noise_5.prediction_change`; `model_tests.failed`; `champion.win_confidence` (1 where no model
        serves yet). None: measured, but not defined on these rows.
    """
    metrics: dict[str, float | None] = {}
    for group, entries in evaluation.items():
        if group.endswith("_metrics"):
            metrics |= {name: entry["value"] for name, entry in entries.items()}
    metrics |= champion_metrics(evaluation.get("champion", {}))
    metrics |= {f"operational.{name}": value for name, value in operational.items()}
    for column, group in (fairness or {}).get("groups", {}).items():
        metrics |= {f"fairness.{column}.{name}": value for name, value in group["measures"].items()}
    metrics |= {f"robustness.{name}": value for name, value in (robustness or {}).get("measures", {}).items()}
    if model_tests is not None:
        metrics["model_tests.failed"] = model_tests["failed"]
    return {name: None if value is None else finite(value) for name, value in metrics.items()}
