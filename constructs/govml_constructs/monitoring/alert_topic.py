"""`AlertTopic`: the one SNS topic that an environment's alarms and failed events go to."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of


class AlertTopic(PlacedConstruct):
    """An encrypted topic that only this account's alarms, event rules and roles may publish to, over TLS.

    Args:
        key: key of the logs domain; its policy must allow the publishing services.
        publishers: service principals that may publish on behalf of this account.
        emails: addresses that get every alert; each must confirm its subscription.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        publishers: Sequence[str],
        emails: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        for service in publishers:
            self.topic.add_to_resource_policy(publish_statement(self, self.topic, service))
        for number, email in enumerate(emails):
            sns.Subscription(
                self,
                f"Email{number}",
                topic=self.topic,
                protocol=sns.SubscriptionProtocol.EMAIL,
                endpoint=email,
            )


def publish_statement(scope: Construct, topic: sns.ITopic, service: str) -> iam.PolicyStatement:
    """Return the statement that lets one service publish on behalf of this account only."""
    return iam.PolicyStatement(
        sid=f"AllowPublishBy{service.split('.', maxsplit=1)[0].title()}",
        principals=[iam.ServicePrincipal(service)],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": place_of(scope).account}},
    )
