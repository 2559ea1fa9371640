"""`PageTopic`: a topic with the pages alone, for receivers that cannot choose among the messages of the alert topic."""

from __future__ import annotations

from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.place import PlacedConstruct


class PageTopic(PlacedConstruct):
    """An encrypted topic that an EventBridge rule fills with the alarms whose description begins with `[page]`.

    Args:
        prefix: how the alarms' names begin.
        key: key of the logs domain; its policy lets EventBridge publish.
        dead_letters: queue for what could not be told in an hour.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, prefix: str, key: kms.IKey, dead_letters: sqs.IQueue
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = AlertTopic(self, "Topic", key=key, publishers=["events.amazonaws.com"], emails=[]).topic
        cfn = events.CfnRule
        cfn(
            self,
            "Pages",
            description="An alarm that somebody must look at now begins or ends",
            event_pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {
                    "alarmName": [{"prefix": f"{prefix}-"}],
                    "configuration": {"description": [{"prefix": "[page]"}]},
                    "state": {"value": ["ALARM", "OK"]},
                },
            },
            state="ENABLED",
            targets=[
                cfn.TargetProperty(
                    id="Pages",
                    arn=self.topic.topic_arn,
                    dead_letter_config=cfn.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                    retry_policy=cfn.RetryPolicyProperty(maximum_event_age_in_seconds=3600, maximum_retry_attempts=20),
                )
            ],
        )
