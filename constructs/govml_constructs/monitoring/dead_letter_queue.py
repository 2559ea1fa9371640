"""`DeadLetterQueue`: where a message goes that nobody could handle, so that it is not lost."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge


class DeadLetterQueue(PlacedConstruct):
    """An encrypted, TLS-only queue that keeps messages for 14 days, the longest that SQS allows.

    Args:
        key: key of the logs domain.
        senders: service principals that put messages here on behalf of this account.
        behind_queue: a queue of the same stack moves its messages here, so that the packs see by themselves what this is.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        senders: Sequence[str] = (),
        behind_queue: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
        for service in senders:
            self.queue.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=f"AllowSendBy{service.split('.')[0].title()}",
                    principals=[iam.ServicePrincipal(service)],
                    actions=["sqs:SendMessage"],
                    resources=[self.queue.queue_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": place_of(self).account}},
                )
            )
        if behind_queue:
            return
        acknowledge(
            self.queue,
            "AwsSolutions-SQS3",
            reason="This queue is itself the dead-letter queue; a queue behind it would only move the same messages.",
            owner="platform-operations",
            expires="2027-11-20",
        )
