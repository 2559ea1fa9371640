"""What the page of delivery shows: builds of the pipeline that tests, gates and deploys this repository."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph

_BUILDS = "AWS/CodeBuild"
_HOUR = 3600


def build_graphs(projects: Sequence[str]) -> list[Graph]:
    """Return the graphs of build projects by their names."""

    def rows(*metrics: str) -> list[list[str]]:
        return [[_BUILDS, metric, "ProjectName", name] for name in projects for metric in metrics]

    return [
        Graph(
            title="Builds that succeeded and failed",
            metrics=rows("SucceededBuilds", "FailedBuilds"),
            period_seconds=_HOUR,
        ),
        Graph(title="Longest build (s)", metrics=rows("Duration"), statistic="Maximum", period_seconds=_HOUR),
    ]
