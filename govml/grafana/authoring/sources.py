"""Where panels get their data, and the variables by which a reader chooses what is shown.

The committed JSON belongs to no agency. What differs between agencies stands in two constants of each dashboard, which
`govml.grafana.publishing.tailoring` fills when the dashboards are published.
"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import DataSourceRef, VariableHide, VariableRefresh, VariableSort

from govml.telemetry.metrics import SERVING_UP

#: One Prometheus data source an environment, so a variable says which.
PROMETHEUS: Final = DataSourceRef(type_val="prometheus", uid="${prometheus}")
CLOUDWATCH: Final = DataSourceRef(type_val="cloudwatch", uid="govml-cloudwatch")
#: Matches the names of the data sources that are published with the dashboards.
_OURS: Final = "/^GovML /"


def environments(*, several: bool = False) -> dashboard.DatasourceVariable:
    """Choose the environment by its Prometheus workspace; `several` for one row each."""
    made = dashboard.DatasourceVariable("prometheus").label("Environment").type("prometheus").regex(_OURS)
    return made.multi(True).include_all(True) if several else made


def endpoints() -> dashboard.QueryVariable:
    """Choose endpoints among those that serve or have served."""
    return (
        dashboard.QueryVariable("endpoint")
        .label("Endpoint")
        .datasource(PROMETHEUS)
        .query({"qryType": 1, "query": f"label_values({SERVING_UP.name}, job)", "refId": "Endpoints"})
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
    )


def budgets() -> dashboard.ConstantVariable:
    """What the endpoints promise: PromQL of one series a promise, its error budget (0 to 1) by `job` and `objective`."""
    return dashboard.ConstantVariable("budgets").label("Error budgets").value(NO_BUDGETS)


#: No promise at all: nothing is divided by it.
NO_BUDGETS: Final = "vector(0) > 1"


def prefixes() -> dashboard.CustomVariable:
    """Choose the environment by the prefix of its names, for CloudWatch."""
    return dashboard.CustomVariable("prefix").label("Environment").values("agency-dev")


def dimension_values(name: str, label: str, *, namespace: str, metric: str, key: str) -> dashboard.QueryVariable:
    """Choose among the values of a dimension in CloudWatch that belong to the environment `prefix`.

    Args:
        name: the variable.
        label: what the reader sees.
        namespace: namespace of a metric that has the dimension.
        metric: that metric.
        key: name of the dimension.
    """
    query: dict[str, object] = {
        "queryType": "dimensionValues",
        "region": "default",
        "namespace": namespace,
        "metricName": metric,
        "dimensionKey": key,
        "dimensionFilters": {},
        "refId": "CloudWatchVariableQueryEditor-VariableQuery",
    }
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(CLOUDWATCH)
        .query(query)
        .regex("/^${prefix}-/")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
    )


def hidden(variable: dashboard.QueryVariable) -> dashboard.QueryVariable:
    """Return the variable without its menu: all its values count."""
    return variable.hide(VariableHide.HIDE_VARIABLE)
