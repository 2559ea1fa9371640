"""`RetrainingSchedule`: the calendar asks for looks and for retraining, by the same queue as drift and people."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct, place_of

# EventBridge Scheduler user guide, "Context attributes": the time at which the schedule was to start its target.
_MOMENT = "<aws.scheduler.scheduled-time>"


class RetrainingSchedule(PlacedConstruct):
    """One schedule a use case, all with one role that may do nothing but lay a message into the queue.

    Args:
        schedules: slug of a use case -> `cron(...)` or `rate(...)`, as EventBridge Scheduler takes it, in UTC: when its
            model is trained again.
        looks: the same: when the drift engine looks at it.
        queue: queue of the retraining trigger.
        key: key of the queues and of the schedules' own state.
        dead_letters: queue for messages that could not be sent for an hour.
        rules: rules of the role.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        schedules: Mapping[str, str],
        looks: Mapping[str, str],
        queue: sqs.IQueue,
        key: kms.IKey,
        dead_letters: sqs.IQueue,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "Role",
            service="scheduler.amazonaws.com",
            description="Asks for looks and for retraining when it is time",
            rules=rules,
            statements=[
                Statement(sid="Ask", actions=["sqs:SendMessage"], resources=[queue.queue_arn, dead_letters.queue_arn]),
                Statement(sid="UseKey", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
            source_arns=[place_of(self).arn("scheduler", "schedule-group/default")],
        )
        asked = [(slug, when, "Retrain", {"retrain": slug, "why": "schedule"}) for slug, when in schedules.items()]
        asked += [(slug, when, "Look", {"look": slug}) for slug, when in looks.items()]
        for slug, expression, what, message in asked:
            scheduler.CfnSchedule(
                self,
                what + pascal(slug),
                description=f"{what}: {slug}",
                schedule_expression=expression,
                schedule_expression_timezone="UTC",
                flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(
                    mode="FLEXIBLE", maximum_window_in_minutes=15
                ),
                kms_key_arn=key.key_arn,
                target=scheduler.CfnSchedule.TargetProperty(
                    arn=queue.queue_arn,
                    role_arn=role.role_arn,
                    input=json.dumps({**message, "moment": _MOMENT}, separators=(",", ":")),
                    dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                    retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=3600, maximum_retry_attempts=10
                    ),
                ),
            )
