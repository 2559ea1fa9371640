"""The log groups of SageMaker's jobs and of Studio."""

from __future__ import annotations

from aws_cdk import aws_ssm as ssm

from govml.settings.names import Names
from stacks.environment.base import EnvironmentStack
from stacks.foundation.security import SecurityStack
from stacks.telemetry.telemetry import TelemetryStack, feed

JOB_LOGS = ("ProcessingJobs", "TrainingJobs")
"""Jobs whose log groups' names SageMaker dictates."""


def sagemaker_log_group(
    stack: EnvironmentStack, kind: str, *, security: SecurityStack, telemetry: TelemetryStack | None
) -> str:
    """Return the ARN of a log group whose name SageMaker dictates: one an account, made by one environment.

    SageMaker would make it at the first use, without a key and kept for ever.

    Args:
        stack: where it is made, or its ARN is read.
        kind: last part of its name, as in `ProcessingJobs`.
        security: makes log groups as the environment keeps them.
        telemetry: reads what the drift engine writes; None without it.
    """
    context = stack.context
    owner = Names(context.settings.agency, context.account_owner)
    parameter = owner.parameter("platform", f"{kind}-log-group-arn")
    if context.account_owner != context.environment_name:
        return ssm.StringParameter.value_for_string_parameter(stack, parameter)
    construct_id = f"{kind[0].upper()}{kind[1:]}Log"
    group = security.log_group(stack, construct_id, name=f"/aws/sagemaker/{kind}")
    if kind == "ProcessingJobs" and context.switches.managed_prometheus:  # what the drift engine finds
        feed(stack, "TelemetryFeed", telemetry=telemetry, log_group_name=group.log_group_name)
    stack.publish(f"{construct_id}Parameter", parameter, group.log_group_arn)
    return group.log_group_arn
