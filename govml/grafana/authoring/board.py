"""A dashboard: its frame, its variables, its panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync

from govml.grafana.authoring.panels import AnyPanel

Variable: TypeAlias = (
    dashboard.DatasourceVariable | dashboard.QueryVariable | dashboard.ConstantVariable | dashboard.CustomVariable
)
TAG = "govml"
"""Tag of every dashboard of ours; Grafana's search finds them by it."""


@dataclass(frozen=True)
class Row:
    """Panels under a heading.

    Args:
        title: the heading.
        panels: the panels, two a row.
        repeat: variable for each of whose values the row is there once.
    """

    title: str
    panels: Sequence[AnyPanel]
    repeat: str | None = None


def board(
    name: str,
    title: str,
    *,
    says: str,
    variables: Sequence[Variable],
    rows: Sequence[Row],
    hours: int = 6,
    refresh: str = "1m",
) -> dashboard.Dashboard:
    """Return a dashboard.

    Args:
        name: what it is found by, for ever: its address and its identifier.
        title: what the reader sees.
        says: whom it is for.
        variables: what the reader chooses.
        rows: its panels.
        hours: how far back it looks at first.
        refresh: how often it looks again.
    """
    made = (
        dashboard.Dashboard(title)
        .uid(f"govml-{name}")
        .description(says)
        .tags([TAG])
        .timezone("Asia/Singapore")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
        .time(f"now-{hours}h", "now")
        .refresh(refresh)
    )
    for variable in variables:
        made.with_variable(variable)
    for row in rows:
        heading = dashboard.Row(row.title)
        made.with_row(heading.repeat(row.repeat) if row.repeat else heading)
        for panel in row.panels:
            made.with_panel(panel)
    return made
