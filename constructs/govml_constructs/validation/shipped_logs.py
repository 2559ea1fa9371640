"""Refuse a synth in which a log group has no subscription, whichever construct (ours or CDK's own) made it."""

from __future__ import annotations

import jsii
from aws_cdk import aws_logs as logs
from constructs import IConstruct, IValidation


def require_shipped_logs(scope: IConstruct) -> None:
    """Let CDK check, when it synthesises, that every log group below `scope` has a subscription filter."""
    scope.node.add_validation(_EveryLogGroupIsShipped(scope))


def unshipped_log_groups(scope: IConstruct) -> list[str]:
    """Return the construct paths of the log groups that no subscription filter names.

    A filter names its group by `ref` or by physical name. CDK's own `SubscriptionFilter` refers to it in another way and is
    not recognised: log groups are made by `EncryptedLogGroup`, and a false alarm is the safe side.
    """
    everything = scope.node.find_all()
    # CDK keeps one text for a reference, so a filter in another stack than its log group is found too.
    shipped = {each.log_group_name for each in everything if isinstance(each, logs.CfnSubscriptionFilter)}
    groups = [each for each in everything if isinstance(each, logs.CfnLogGroup)]
    return [each.node.path for each in groups if not shipped & {each.ref, each.log_group_name}]


@jsii.implements(IValidation)
class _EveryLogGroupIsShipped:
    def __init__(self, scope: IConstruct) -> None:
        self._scope = scope

    def validate(self) -> list[str]:
        """Return one message for each log group whose events would stay in the account."""
        return [
            f"{path}: the agency file asks for log shipping, and this log group has no subscription filter: "
            "make it with EncryptedLogGroup(subscription=...)"
            for path in unshipped_log_groups(self._scope)
        ]
