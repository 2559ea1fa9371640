"""Service levels: what was promised, how much of the error budget is left, how fast it burns."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import lines, listed, numbers
from govml.grafana.authoring.queries import asked
from govml.grafana.authoring.sources import budgets, endpoints, environments
from govml.service_levels.burn_rate import BURN_RATES, window
from govml.telemetry.metrics import BAD_SHARE

_CHOSEN = '{job=~"$endpoint"}'
_PROMISE = "{{job}} {{objective}}"


def burn(minutes: int) -> str:
    """Return PromQL of how many times too fast the budget is used up, looking back over a window."""
    return f"{BAD_SHARE}{window(minutes)}{_CHOSEN} / on (job, objective) ($budgets)"


def service_levels() -> Dashboard:
    """Return the dashboard."""
    left = f"1 - avg_over_time({BAD_SHARE}1h{_CHOSEN}[30d]) / on (job, objective) ($budgets)"
    speeds = [
        lines(
            f"Burn over {window(rate.long_minutes)} and {window(rate.short_minutes)}; {rate.severity} at {rate.rate:g}",
            asked(burn(rate.long_minutes), f"{_PROMISE} {window(rate.long_minutes)}"),
            asked(burn(rate.short_minutes), f"{_PROMISE} {window(rate.short_minutes)}"),
            says="1 uses the thirty days' budget up in thirty days. The alert rings while both windows are above the line.",
            limits=[rate.rate],
        )
        for rate in BURN_RATES
    ]
    return board(
        "service-levels",
        "Service levels",
        says="For whoever runs a model: is the promise kept, and for how long still?",
        variables=[environments(), endpoints(), budgets()],
        hours=24,
        rows=[
            Row(
                "Budget",
                [
                    numbers(
                        "Error budget left of thirty days",
                        left,
                        _PROMISE,
                        says="Share of the budget that is left; each hour counts the same, however many requests it had.",
                        unit="percentunit",
                        good_from=0.25,
                    ),
                    numbers(
                        "Bad requests within the last hour",
                        f"{BAD_SHARE}1h{_CHOSEN}",
                        _PROMISE,
                        says="Share of requests that failed (availability) or were too slow (latency).",
                        unit="percentunit",
                    ),
                ],
            ),
            Row("How fast it burns", speeds),
            Row(
                "Alerts",
                [
                    listed(
                        "Alerts that ring now",
                        'ALERTS{alertstate="firing"}',
                        says="Each names its runbook: docs/operations/service-level.md.",
                    ),
                    lines(
                        "Bad requests by window",
                        *(
                            asked(f"{BAD_SHARE}{each}{_CHOSEN}", f"{_PROMISE} {each}")
                            for each in ("5m", "1h", "6h", "1d", "3d")
                        ),
                        says="The recorded shares themselves.",
                        unit="percentunit",
                    ),
                ],
            ),
        ],
    )
