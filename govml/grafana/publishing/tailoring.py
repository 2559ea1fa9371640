"""Fills what differs between agencies into the committed dashboards: what endpoints promise, and names of environments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

#: Variables of the dashboards that are filled here, and by `sources` of the authoring named so.
BUDGETS, PREFIX = "budgets", "prefix"


class Promise(Protocol):
    """What an endpoint promises, as `govml.service_levels.objective.Objective` has it."""

    @property
    def endpoint(self) -> str:
        """Name of the endpoint."""
        ...

    @property
    def kind(self) -> str:
        """`availability` or `latency`."""
        ...

    @property
    def error_budget(self) -> float:
        """Share of the requests that may be bad, 0 to 1."""
        ...


def error_budgets(promises: Iterable[Promise]) -> str:
    """Return PromQL of one series a promise with labels `job` and `objective`, its value the error budget (0 to 1).

    Without promises it is an expression without series.
    """
    series = [
        f'label_replace(label_replace(vector({each.error_budget:.6g}), "job", "{each.endpoint}", "", ""), '
        f'"objective", "{each.kind}", "", "")'
        for each in promises
    ]
    return " or ".join(series) or "vector(0) > 1"


def tailored(dashboard: Mapping[str, Any], *, budgets: str, prefixes: Sequence[str]) -> dict[str, Any]:
    """Return a dashboard as this agency sees it.

    Args:
        dashboard: one of the committed dashboards.
        budgets: PromQL of error budgets.
        prefixes: prefixes of the environments' names, as in `sandbox-dev`; the first is shown first.
    """
    variables = [_filled(each, budgets, prefixes) for each in dashboard.get("templating", {}).get("list", [])]
    return {**dashboard, "templating": {"list": variables}}


def _filled(variable: Mapping[str, Any], budgets: str, prefixes: Sequence[str]) -> dict[str, Any]:
    if variable["name"] == BUDGETS:
        return {**variable, "query": budgets}
    if variable["name"] == PREFIX:
        options = [{"text": each, "value": each, "selected": each == prefixes[0]} for each in prefixes]
        return {**variable, "query": ",".join(prefixes), "options": options, "current": options[0]}
    return dict(variable)
