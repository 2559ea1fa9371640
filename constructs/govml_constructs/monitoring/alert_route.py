"""`AlertRoute`: alerts go to a web address too, such as a service desk's or an on-call service's."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.place import PlacedConstruct


class AlertRoute(PlacedConstruct):
    """An HTTPS subscription of the alert topic, which its receiver confirms; what it does not take is kept.

    Alarms carry no attributes, so pages are told from tickets by how an alarm's description begins (SNS developer guide,
    "Message filtering", filter policy scope).

    Args:
        topic: the alert topic.
        url: HTTPS address without a key in it, as it stands in the template.
        pages_only: only alarms whose description begins with `[page]`.
        dead_letters: queue for what the receiver did not take in an hour; its policy and key must let SNS send.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: sns.ITopic,
        url: str,
        pages_only: bool,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        retries = {"minDelayTarget": 20, "maxDelayTarget": 300, "numRetries": 20, "backoffFunction": "exponential"}
        self.resource = sns.CfnSubscription(
            self,
            "Subscription",
            topic_arn=topic.topic_arn,
            protocol="https",
            endpoint=url,
            delivery_policy={"healthyRetryPolicy": retries},
            redrive_policy={"deadLetterTargetArn": dead_letters.queue_arn},
            filter_policy={"AlarmDescription": [{"prefix": "[page]"}]} if pages_only else None,
            filter_policy_scope="MessageBody" if pages_only else None,
        )
