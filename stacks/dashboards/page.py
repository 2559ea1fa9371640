"""A stack's page: what its own resources tell, made in the stack itself."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph, LogTable
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard
from stacks.environment.base import EnvironmentStack


def add_page(
    stack: EnvironmentStack,
    part: str,
    *,
    title: str,
    runbook: str,
    graphs: Sequence[Graph],
    tables: Sequence[LogTable] = (),
    alarm_arns: Sequence[str] = (),
) -> None:
    """Add the page of a stack, where the switch dashboards is on.

    Args:
        stack: the stack.
        part: what the page is named for, as in `network`.
        title: first line of the page.
        runbook: page of the repository that one goes on with.
        graphs: the graphs, in reading order.
        tables: what is found in logs.
        alarm_arns: alarms of the stack, shown on top.
    """
    context = stack.context
    if not context.switches.dashboards:
        return
    OverviewDashboard(
        stack,
        "Page",
        name=context.names.stack_dashboard(part),
        heading=f"# {title} of {context.names.prefix}\nThe whole: {context.names.dashboard()}. Runbook: {runbook}.",
        alarm_arns=alarm_arns,
        graphs=graphs,
        tables=tables,
    )
