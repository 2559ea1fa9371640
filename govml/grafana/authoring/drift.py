"""Drift and performance of the model, as the drift engine judges them at each look."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import cloud_lines, lines, listed, numbers, states
from govml.grafana.authoring.queries import asked, measured
from govml.grafana.authoring.sources import endpoints, environments
from govml.telemetry.metrics import LAST_CHANGE, LAST_RUN, LAST_VERDICT, PAGE, RETRAINING_REQUESTED, WINDOWS_JUDGED

_CHOSEN = '{job=~"$endpoint"}'
#: The engine looks each day or week; its figures stay valid until the next look.
_KEPT = "[8d]"
_DAY = 86_400
_NAMESPACE = "GovML/Monitoring"


def newest(metric: str) -> str:
    """Return PromQL of the newest value that a look wrote."""
    return f"max by (job) (last_over_time({metric}{_CHOSEN}{_KEPT}))"


def drift() -> Dashboard:
    """Return the dashboard."""
    return board(
        "drift",
        "Drift and performance of the model",
        says="For the ML engineer: does the model still fit, and what became of it when it did not?",
        variables=[environments(), endpoints()],
        hours=24 * 90,
        refresh="1h",
        rows=[
            Row(
                "Verdict",
                [
                    numbers(
                        "Age of the last look",
                        f"time() - {newest(LAST_RUN.name)}",
                        "{{job}}",
                        says="Older than the schedule: the monitor fails; look at its pipeline.",
                        unit="s",
                    ),
                    numbers(
                        "Windows that it judged",
                        newest(WINDOWS_JUDGED.name),
                        "{{job}}",
                        says="None: there was too little data, or labels have not come.",
                        unit="short",
                    ),
                    states(
                        "Verdicts",
                        f"{LAST_VERDICT.name}{_CHOSEN} == 1",
                        "{{job}} {{verdict}}",
                        says="drifted: docs/operations/drift.md; broken-feed: docs/operations/broken-feed.md.",
                    ),
                    lines(
                        "Retraining asked for, somebody paged",
                        asked(newest(RETRAINING_REQUESTED.name), "{{job}} retraining"),
                        asked(newest(PAGE.name), "{{job}} page"),
                        says="1 from the look that asked until the next one.",
                    ),
                ],
            ),
            Row(
                "Signals",
                [
                    lines(
                        "Change of each signal over its limit",
                        asked(f"{LAST_CHANGE.name}{_CHOSEN}", "{{job}} {{signal}}"),
                        says="1 reaches the limit. Errors against labels decide; inputs that drift alone do not.",
                        limits=[1],
                    ),
                    listed(
                        "Signals now, largest first",
                        f"sort_desc({LAST_CHANGE.name}{_CHOSEN})",
                        says="Of the newest window.",
                    ),
                    cloud_lines(
                        "Kept by CloudWatch: drifted, feed broken, too little data",
                        *(
                            measured(
                                _NAMESPACE,
                                metric,
                                {"Endpoint": "$endpoint"},
                                "Maximum",
                                label=f"${{PROP('Dim.Endpoint')}} {metric}",
                                seconds=_DAY,
                            )
                            for metric in ("Drifted", "BrokenFeed", "TooLittleData")
                        ),
                        says="The same figures for fifteen months.",
                    ),
                    cloud_lines(
                        "Kept by CloudWatch: signals over their limits",
                        measured(
                            _NAMESPACE,
                            "ChangeOverLimit",
                            {"Endpoint": "$endpoint", "Signal": "*"},
                            "Maximum",
                            label="${PROP('Dim.Endpoint')} ${PROP('Dim.Signal')}",
                            seconds=_DAY,
                        ),
                        says="The same figures for fifteen months.",
                        limits=[1],
                    ),
                ],
            ),
        ],
    )
