"""`CostBudget`: a monthly budget over what carries given tags, told to the alert topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.place import PlacedConstruct

_FORECAST_PERCENT = 100


class CostBudget(PlacedConstruct):
    """A budget in US dollars a month: told at shares of it that are spent, and when the month's forecast is beyond it.

    The tags must be active cost allocation tags, which the account that pays decides (Billing and Cost Management user
    guide, "Organizing and tracking costs using AWS cost allocation tags"); until they are, the budget sees no cost.

    Args:
        name: start of the budget's name, as in `sandbox-dev-cost`.
        amount_usd: US dollars a month.
        tags: tag key -> value; a cost counts when it carries all of them.
        notify_percent: shares of the budget, in percent, at which the topic is told; at most four.
        topic: the alert topic; its policy and its key must let `budgets.amazonaws.com` publish.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        amount_usd: float,
        tags: Mapping[str, str],
        notify_percent: Sequence[int],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        cfn = budgets.CfnBudget
        shares = [("ACTUAL", percent) for percent in notify_percent] + [("FORECASTED", _FORECAST_PERCENT)]
        self.resource = cfn(
            self,
            "Budget",
            budget=cfn.BudgetDataProperty(
                # A budget's notifications cannot change, nor can two budgets share a name: so the name says what they are,
                # and other shares are another budget (CloudFormation, AWS::Budgets::Budget, "Update requires").
                budget_name="-".join([name, "at", *(str(percent) for percent in notify_percent)]),
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=cfn.SpendProperty(amount=amount_usd, unit="USD"),
                metrics=["UnblendedCost"],
                filter_expression=_all_of(tags),
            ),
            notifications_with_subscribers=[
                cfn.NotificationWithSubscribersProperty(
                    notification=cfn.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=[cfn.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn)],
                )
                for kind, percent in shares
            ],
        )


def _all_of(tags: Mapping[str, str]) -> budgets.CfnBudget.ExpressionProperty:
    """Return the filter for what carries all tags; `And` takes two expressions or more."""
    cfn = budgets.CfnBudget
    each = [
        cfn.ExpressionProperty(tags=cfn.TagValuesProperty(key=key, values=[value], match_options=["EQUALS"]))
        for key, value in tags.items()
    ]
    return each[0] if len(each) == 1 else cfn.ExpressionProperty(and_=each)
