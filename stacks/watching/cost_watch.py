"""What is watched of the costs: a budget for the environment and for each use case, and unusual spending."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.cost.cost_anomaly_alert import CostAnomalyAlert
from govml_constructs.cost.cost_budget import CostBudget
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.pascal import pascal
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import ENVIRONMENT_TAG, cost_tags


def watches_costs(context: EnvironmentContext) -> bool:
    """Return whether this environment has a budget or an alert on unusual spending."""
    budget = context.settings.budget
    return bool(budget.amount(context.environment_name) or budget.use_cases or _listens(context))


def watch_costs(scope: Construct, context: EnvironmentContext, topic: sns.ITopic) -> None:
    """Make the budgets and the anomaly alert of an environment.

    Args:
        scope: the stack.
        context: the environment.
        topic: the alert topic.
    """
    budget, names = context.settings.budget, context.names
    of_environment = cost_tags(context)
    amount = budget.amount(context.environment_name)
    if amount is not None:
        CostBudget(
            scope,
            "Budget",
            name=names.resource("cost"),
            amount_usd=amount,
            tags=of_environment,
            notify_percent=budget.notify_percent,
            topic=topic,
        )
    for use_case, part in budget.use_cases.items():
        CostBudget(
            scope,
            f"Budget{pascal(use_case)}",
            name=names.resource("cost", use_case),
            amount_usd=part,
            tags=cost_tags(context, use_case),
            notify_percent=budget.notify_percent,
            topic=topic,
        )
    if _listens(context):
        _anomaly_alert(scope, context, topic)


def _anomaly_alert(scope: Construct, context: EnvironmentContext, topic: sns.ITopic) -> None:
    anomalies = context.settings.budget.anomalies
    if anomalies is None:
        return
    tags = {}
    if anomalies.watch == "tags":
        tags["EnvironmentCost"] = (ENVIRONMENT_TAG, [context.environment_name])
        for use_case in context.settings.use_cases:
            slug = context.names.slug(use_case)
            tags[f"{pascal(use_case)}Cost"] = (USE_CASE_TAG, [slug])
    existing = {str(name): arn for name, arn in anomalies.monitors.items()}.get(context.environment_name)
    CostAnomalyAlert(
        scope,
        "CostAnomalies",
        name=context.names.prefix,
        impact_usd=anomalies.impact_usd,
        tags=tags,
        existing_monitors=[existing] if existing else [],
        topic=topic,
    )


def _listens(context: EnvironmentContext) -> bool:
    """Return whether the anomaly alert stands in this environment: what watches a whole account stands there once."""
    anomalies = context.settings.budget.anomalies
    if anomalies is None:
        return False
    return anomalies.watch == "tags" or context.account_owner == context.environment_name
