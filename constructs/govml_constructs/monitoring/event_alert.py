"""`EventAlert`: an EventBridge rule that tells the alert topic about a kind of event."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.monitoring.alarm_set import Owner, Severity, told
from govml_constructs.place import PlacedConstruct


class EventAlert(PlacedConstruct):
    """A rule on the account's default bus; what cannot be delivered stays in the dead-letter queue.

    The text stands where an alarm has its description, since routes tell pages from tickets by how that begins.

    Args:
        description: what the event means.
        pattern: event pattern in EventBridge's own spelling.
        message: what has happened, a sentence or more, with `<name>` for each of `fields`.
        fields: name -> JSON path in the event.
        topic: where the alert goes.
        dead_letters: queue for alerts that could not be delivered.
        severity: how soon somebody has to look.
        owner: whose duty it is.
        runbook: what to do, a page of the repository.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        pattern: Mapping[str, object],
        message: str,
        fields: Mapping[str, str],
        topic: sns.ITopic,
        dead_letters: sqs.IQueue,
        severity: Severity,
        owner: Owner,
        runbook: str,
    ) -> None:
        super().__init__(scope, construct_id)
        text = told(severity, message, owner, runbook)
        cfn = events.CfnRule
        self.resource = cfn(
            self,
            "Rule",
            description=description,
            event_pattern=dict(pattern),
            state="ENABLED",
            targets=[
                cfn.TargetProperty(
                    id="AlertTopic",
                    arn=topic.topic_arn,
                    dead_letter_config=cfn.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                    retry_policy=cfn.RetryPolicyProperty(maximum_event_age_in_seconds=3600, maximum_retry_attempts=20),
                    input_transformer=cfn.InputTransformerProperty(
                        input_paths_map=dict(fields),
                        input_template=f'{{"AlarmDescription": "{text}"}}',
                    ),
                )
            ],
        )
