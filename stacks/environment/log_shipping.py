"""Where the log groups of an environment send a copy of their events, as the agency file says."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.monitoring.log_delivery import LogDelivery, LogSubscription
from govml_constructs.place import place_of
from stacks.environment.context import EnvironmentContext


def log_subscription(scope: Construct, context: EnvironmentContext) -> LogSubscription | None:
    """Return the subscription of every log group, or None where logs stay in the account.

    Args:
        scope: the stack that holds the delivery role, where the agency file names no existing one.
        context: the environment.
    """
    shipping = context.settings.observability.log_shipping
    if shipping is None:
        return None
    place, role_arn = place_of(scope), None
    destination = shipping.destination_arn
    if destination is None:
        destination = place.arn("firehose", f"deliverystream/{shipping.delivery_stream}")
        if shipping.role is None:
            role_arn = LogDelivery(scope, "LogDelivery", stream_arn=destination, rules=context.role_rules).role_arn
        elif shipping.role.startswith("arn:"):
            role_arn = shipping.role
        else:
            role_arn = place.arn("iam", f"role/{shipping.role}", region="")
    return LogSubscription(
        destination_arn=destination,
        role_arn=role_arn,
        filter_name=shipping.filter_name,
        filter_pattern=shipping.filter_pattern,
    )
