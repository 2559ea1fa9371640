"""All rules of Prometheus: of promises, of requests, of drift, and of telemetry that falls silent."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from ruamel.yaml import YAML

from govml.service_levels.objective import Objective
from govml.service_levels.prometheus_rules import rule_groups
from govml.telemetry.metrics import (
    CHANGE_OVER_LIMIT,
    LAST_CHANGE,
    LAST_VERDICT,
    LATENCY_P50,
    LATENCY_P99,
    PAGE,
    REQUEST_DURATION,
    REQUEST_RATE,
    RETRAINING_REQUESTED,
    SERVING_UP,
    VERDICT,
)

Group = dict[str, Any]
#: A monitor runs each day or each week; its gauges are looked for so long.
_KEPT: Final = "8d"
_BUCKETS: Final = f'sum by (job, le) (rate({REQUEST_DURATION.name}_bucket{{http_route="/invocations"}}[5m]))'


def all_groups(objectives: Sequence[Objective]) -> dict[str, Any]:
    """Return a rules file of Prometheus as plain data.

    Args:
        objectives: what the endpoints promise; one of a kind for each.

    Raises:
        ValueError: an endpoint has two objectives of one kind.
    """
    return {"groups": [*rule_groups(objectives)["groups"], _requests(), _drift(), _silence()]}


def as_yaml(groups: dict[str, Any]) -> str:
    """Return a rules file as text."""
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(groups, stream)
    return stream.getvalue()


def _requests() -> Group:
    counted = f'{REQUEST_DURATION.name}_count{{http_route="/invocations"}}'
    by = ", ".join(REQUEST_RATE.labels)
    return {
        "name": "govml-requests",
        "rules": [
            {"record": REQUEST_RATE.name, "expr": f"sum by ({by}) (rate({counted}[5m]))"},
            {"record": LATENCY_P50.name, "expr": f"histogram_quantile(0.5, {_BUCKETS})"},
            {"record": LATENCY_P99.name, "expr": f"histogram_quantile(0.99, {_BUCKETS})"},
        ],
    }


def _drift() -> Group:
    return {
        "name": "govml-drift",
        "rules": [
            {"record": LAST_CHANGE.name, "expr": f"last_over_time({CHANGE_OVER_LIMIT.name}[{_KEPT}])"},
            {"record": LAST_VERDICT.name, "expr": f"last_over_time({VERDICT.name}[{_KEPT}])"},
            _alert(
                "ModelDrifts",
                f"max by (job, govml_model_version) (max_over_time({RETRAINING_REQUESTED.name}[1d])) > 0",
                "ticket",
                "{{ $labels.job }}: the model {{ $labels.govml_model_version }} drifts, and retraining is asked for",
                "docs/operations/drift.md",
            ),
            _alert(
                "FeedBroken",
                f"max by (job) (max_over_time({PAGE.name}[1d])) > 0",
                "page",
                "{{ $labels.job }}: what comes in cannot be trusted, or has stopped; retraining waits",
                "docs/operations/broken-feed.md",
            ),
        ],
    }


def _silence() -> Group:
    """Tell when an endpoint that spoke within a day says nothing any more: it is gone, or its telemetry is.

    Only what spoke before can fall silent, so that an endpoint that was never released rings nothing.
    """
    spoke = f"group by (job) (last_over_time({SERVING_UP.name}[1d]))"
    speaks = f"group by (job) (last_over_time({SERVING_UP.name}[10m]))"
    return {
        "name": "govml-telemetry",
        "rules": [
            {
                **_alert(
                    "TelemetrySilent",
                    f"{spoke} unless {speaks}",
                    "ticket",
                    "{{ $labels.job }}: no metrics for ten minutes; alerts on it judge nothing",
                    "docs/operations/telemetry.md",
                ),
                "for": "5m",
            }
        ],
    }


def _alert(name: str, expression: str, severity: str, summary: str, runbook: str) -> dict[str, Any]:
    return {
        "alert": name,
        "expr": expression,
        "labels": {"severity": severity},
        "annotations": {"summary": summary, "runbook": runbook},
    }
