"""Alarms as the stacks of an environment have them: a set under its prefix, on dead letters, on functions that fail."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sns as sns

from govml_constructs.monitoring.alarm_set import AlarmRule, AlarmSet, Owner, Severity
from stacks.environment.base import EnvironmentStack


def add_alarms(stack: EnvironmentStack, rules: Sequence[AlarmRule], *, topic: sns.ITopic) -> list[str]:
    """Add the alarms of a stack, where the switch alarms is on.

    Args:
        stack: the stack.
        rules: its alarms.
        topic: the alert topic.

    Returns:
        Their ARNs, for the stack's page; none where the switch is off.
    """
    if not stack.context.switches.alarms:
        return []
    return AlarmSet(stack, "Alarms", name_prefix=stack.context.names.prefix, rules=rules, topic=topic).alarm_arns


def dead_letter_alarm(
    construct_id: str, queue_name: str, *, description: str, severity: Severity, owner: Owner, runbook: str
) -> AlarmRule:
    """Return the alarm on a queue of dead letters in which anything lies.

    Args:
        construct_id: id of the alarm, never changed once landed.
        queue_name: name of the queue.
        description: what could not be done, one or two sentences.
        severity: how soon somebody has to look.
        owner: whose duty it is.
        runbook: what to do, a page of the repository.
    """
    return AlarmRule(
        construct_id=construct_id,
        description=description,
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue_name},
        statistic="Maximum",
        severity=severity,
        owner=owner,
        runbook=runbook,
    )


def function_alarm(
    construct_id: str,
    function_name: str,
    *,
    description: str,
    periods: int = 1,
    severity: Severity,
    owner: Owner,
    runbook: str,
) -> AlarmRule:
    """Return the alarm on a function whose calls fail.

    It is for functions that events call by themselves: what a queue hands over ends in its dead letters, and what CloudFormation
    calls fails the deployment. Lambda tries a throttled call again for six hours (developer guide, "Error handling for
    asynchronous invocations"), then hands the event to the topic that hears of the function's failures.

    Args:
        construct_id: id of the alarm, never changed once landed.
        function_name: name of the function.
        description: what is not done meanwhile, one or two sentences.
        periods: five minutes each with a failed call, in a row.
        severity: how soon somebody has to look.
        owner: whose duty it is.
        runbook: what to do, a page of the repository.
    """
    return AlarmRule(
        construct_id=construct_id,
        description=description,
        namespace="AWS/Lambda",
        metric="Errors",
        dimensions={"FunctionName": function_name},
        periods=periods,
        severity=severity,
        owner=owner,
        runbook=runbook,
    )
