"""Prometheus recording and alerting rules from objectives, over the metrics that the inference container exports.

Names are those of OpenTelemetry's HTTP semantic conventions as Prometheus spells them (OpenTelemetry specification,
"Prometheus and OpenMetrics Compatibility"): `http.server.request.duration` in seconds becomes
`http_server_request_duration_seconds`, and the service's name is the label `job`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from govml.service_levels.burn_rate import BURN_RATES, BurnRate, window
from govml.service_levels.objective import Objective
from govml.telemetry.metrics import BAD_SHARE, REQUEST_DURATION

DURATION: Final = REQUEST_DURATION.name
RUNBOOK: Final = "docs/operations/service-level.md"


def rule_groups(objectives: Sequence[Objective]) -> dict[str, Any]:
    """Return a rules file of Prometheus as plain data; no objective, no group.

    Args:
        objectives: the promises; one of a kind for each endpoint.

    Raises:
        ValueError: an endpoint has two objectives of one kind, which one record could not tell apart.
    """
    names = [(each.endpoint, each.kind) for each in objectives]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two objectives of {sorted(twice)}")
    if not objectives:
        return {"groups": []}
    windows = sorted({minutes for rate in BURN_RATES for minutes in (rate.long_minutes, rate.short_minutes)})
    return {
        "groups": [
            {
                "name": "govml-service-level-records",
                "rules": [_record(each, minutes) for each in objectives for minutes in windows],
            },
            {
                "name": "govml-service-level-alerts",
                "rules": [_alert(each, rate) for each in objectives for rate in BURN_RATES],
            },
        ]
    }


def bad_share(objective: Objective, minutes: int) -> str:
    """Return the PromQL expression of the share of bad requests within a window; 0 to 1, nothing without requests."""
    over, job = window(minutes), f'job="{objective.endpoint}",http_route="/invocations"'
    total = f"sum by (job) (rate({DURATION}_count{{{job}}}[{over}]))"
    if objective.kind == "availability":
        # A series of errors begins with the first error: without it, none is zero and not unknown.
        bad = f'sum by (job) (rate({DURATION}_count{{{job},http_response_status_code=~"5.."}}[{over}]))'
        return f"(({bad}) or 0 * {total}) / ({total} > 0)"
    limit = f"{(objective.milliseconds or 0) / 1000:g}"
    return f'1 - (sum by (job) (rate({DURATION}_bucket{{{job},le="{limit}"}}[{over}])) / ({total} > 0))'


def _record(objective: Objective, minutes: int) -> dict[str, Any]:
    return {
        "record": f"{BAD_SHARE}{window(minutes)}",
        "expr": bad_share(objective, minutes),
        "labels": {"objective": objective.kind},
    }


def _alert(objective: Objective, rate: BurnRate) -> dict[str, Any]:
    series = f'job="{objective.endpoint}",objective="{objective.kind}"'
    limit = f"{objective.breaking_share(rate.rate):.6g}"
    both = (
        f"{BAD_SHARE}{window(minutes)}{{{series}}} > {limit}" for minutes in (rate.long_minutes, rate.short_minutes)
    )
    return {
        "alert": f"{objective.kind.title()}Budget{rate.name.title()}",
        "expr": " and ".join(both),
        "labels": {"severity": rate.severity, "endpoint": objective.endpoint},
        "annotations": {
            "summary": (
                f"{objective.endpoint}: the {objective.kind} budget burns {rate.rate:g} times too fast "
                f"({rate.budget_used:.0%} of 30 days' budget within {window(rate.long_minutes)})"
            ),
            "runbook": RUNBOOK,
        },
    }
