"""What the page of the loop shows: what the drift engine found, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph, search

_NAMESPACE, _DIMENSION = "GovML/Monitoring", "Endpoint"
_DAY = 86_400


def drift_graphs(endpoints: Sequence[str]) -> list[Graph]:
    """Return the graphs of the drift engine for endpoints by their names; it tells figures once a look."""

    def rows(*metrics: str) -> list[list[str]]:
        return [[_NAMESPACE, metric, _DIMENSION, name] for name in endpoints for metric in metrics]

    signals = (_NAMESPACE, _DIMENSION, "Signal")
    return [
        Graph(
            title="Verdicts: drifted, feed broken, too little data",
            metrics=rows("Drifted", "BrokenFeed", "TooLittleData"),
            statistic="Maximum",
            period_seconds=_DAY,
        ),
        Graph(
            title="Retraining asked for, somebody paged",
            metrics=rows("RetrainingRequested", "Page"),
            statistic="Maximum",
            period_seconds=_DAY,
        ),
        *(
            Graph(
                title=f"{name}: each signal over its limit (1 reaches it)",
                metrics=[search(signals, "ChangeOverLimit", "Maximum", _DAY, Endpoint=name)],
                statistic="Maximum",
                period_seconds=_DAY,
            )
            for name in endpoints
        ),
        Graph(title="Windows judged", metrics=rows("WindowsJudged"), statistic="Maximum", period_seconds=_DAY),
    ]
