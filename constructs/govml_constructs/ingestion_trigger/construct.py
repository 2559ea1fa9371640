"""`IngestionTrigger`: a delivered file's event starts its source's pipeline, once for all files of a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of

RUNTIME = Path(__file__).parent / "runtime"
_SUFFIXES = (".csv", ".csv.gz")
# A message that waits for a running pipeline is seen again after this time. Lambda developer guide, "Using Lambda with
# Amazon SQS": at least six times the function's timeout, plus the batch window.
_SEEN_AGAIN = Duration.minutes(15)
_WINDOW = Duration.minutes(2)
# Seen every 15 minutes for four days before it counts as undeliverable: longer than any run, and than a weekend's trouble.
_MOST_RECEIVES = 4 * 24 * 4
# Lambda developer guide, "Configuring maximum concurrency for Amazon SQS event sources": at least 2.
_CONCURRENCY = 2


class IngestionTrigger(PlacedConstruct):
    """EventBridge -> encrypted queue -> function -> `StartPipelineExecution`. Events are hints; the pipeline looks itself.

    Args:
        bucket_name: bucket of the raw zone, which sends its events to EventBridge.
        pipelines: prefix of a source in that bucket, without a slash -> ARN of its pipeline.
        log_group: where the function logs.
        key: key of the logs domain: of both queues, of the function's environment and of the alert topic.
        failures: topic that hears of events which the function could not handle.
        rules: rules of the function's role.

    Attributes:
        queue: events that wait.
        function_name: name of the function.
        dead_letters: events that no source's pipeline could be started for, each with its reason where there is one.

    Controls: only this rule puts events into the queue, only CSV files of known sources become events, an event is
    dropped by nobody, the function may start exactly these pipelines.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket_name: str,
        pipelines: Mapping[str, str],
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        failures: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetterQueue(self, "DeadLetters", key=key, behind_queue=True).queue
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            visibility_timeout=_SEEN_AGAIN,
            retention_period=Duration.days(14),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=_MOST_RECEIVES),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._send_events(bucket_name, list(pipelines))
        function = ControlPlaneFunction(
            self,
            "Start",
            runtime=RUNTIME,
            purpose="Starts the ingestion of delivered files",
            because="once for all files of a source that came within a while",
            environment={
                "RAW_BUCKET": bucket_name,
                "PIPELINES": json.dumps(dict(pipelines), separators=(",", ":"), sort_keys=True),
                "DEAD_LETTERS": self.dead_letters.queue_url,
            },
            statements=start_statements(self.queue.queue_arn, self.dead_letters.queue_arn, list(pipelines.values())),
            log_group=log_group,
            key=key,
            failures=failures,
            rules=rules,
            concurrency=_CONCURRENCY,
        ).function
        self.function_name = function.function_name
        lambda_.CfnEventSourceMapping(
            self,
            "Events",
            function_name=function.function_arn,
            event_source_arn=self.queue.queue_arn,
            batch_size=100,
            maximum_batching_window_in_seconds=_WINDOW.to_seconds(),
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=_CONCURRENCY),
        )

    def _send_events(self, bucket_name: str, prefixes: list[str]) -> None:
        keys = [{"wildcard": f"{prefix}/*{suffix}"} for prefix in prefixes for suffix in _SUFFIXES]
        rule = events.CfnRule(
            self,
            "Delivered",
            description="A CSV file of a data source was put into the raw zone",
            event_pattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": [bucket_name]}, "object": {"key": keys}},
            },
            state="ENABLED",
            targets=[events.CfnRule.TargetProperty(id="Queue", arn=self.queue.queue_arn)],
        )
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowSendByRule",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": place_of(self).account},
                    "ArnEquals": {"aws:SourceArn": rule.attr_arn},
                },
            )
        )


def start_statements(queue_arn: str, dead_letters_arn: str, pipeline_arns: list[str]) -> list[Statement]:
    """Return the right to take events from one queue, to lay them into another, and to start named pipelines."""
    return [
        Statement(
            sid="TakeEvents",
            actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            resources=[queue_arn],
        ),
        Statement(sid="LayEventsAside", actions=["sqs:SendMessage"], resources=[dead_letters_arn]),
        Statement(
            sid="StartPipelines",
            actions=["sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"],
            resources=pipeline_arns,
        ),
    ]
