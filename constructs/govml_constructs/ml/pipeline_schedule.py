"""`PipelineSchedule`: starts a SageMaker pipeline on a schedule."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of


class PipelineSchedule(PlacedConstruct):
    """An EventBridge schedule whose target is exactly one pipeline.

    Args:
        pipeline_name: SageMaker pipeline name.
        pipeline_arn: its ARN.
        expression: `cron(...)` or `rate(...)`, as EventBridge Scheduler takes it.
        key: key of the schedule's own state and of its dead-letter queue.
        dead_letters: queue for starts that failed for an hour.
        rules: rules of the schedule's role.
        timezone: IANA name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        pipeline_name: str,
        pipeline_arn: str,
        expression: str,
        key: kms.IKey,
        dead_letters: sqs.IQueue,
        rules: RoleRules,
        timezone: str = "UTC",
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        role = ServiceRole(
            self,
            "Role",
            service="scheduler.amazonaws.com",
            description=f"Starts the pipeline {pipeline_name} on its schedule",
            rules=rules,
            statements=[
                Statement(sid="StartPipeline", actions=["sagemaker:StartPipelineExecution"], resources=[pipeline_arn]),
                Statement(sid="KeepFailedStarts", actions=["sqs:SendMessage"], resources=[dead_letters.queue_arn]),
                Statement(sid="UseKey", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
            source_arns=[place.arn("scheduler", "schedule-group/default")],
        )
        self.resource = scheduler.CfnSchedule(
            self,
            "Schedule",
            description=f"Starts {pipeline_name}",
            schedule_expression=expression,
            schedule_expression_timezone=timezone,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(
                mode="FLEXIBLE", maximum_window_in_minutes=15
            ),
            kms_key_arn=key.key_arn,
            target=scheduler.CfnSchedule.TargetProperty(
                arn=pipeline_arn,
                role_arn=role.role_arn,
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=3600, maximum_retry_attempts=10
                ),
                sage_maker_pipeline_parameters=scheduler.CfnSchedule.SageMakerPipelineParametersProperty(
                    pipeline_parameter_list=[]
                ),
            ),
        )
