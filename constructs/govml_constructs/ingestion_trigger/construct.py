"""`IngestionTrigger`: a delivered file's event starts its source's pipeline, once for all files of a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.functions.event_queue import EventQueue, EventRule, Patience
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct

RUNTIME = Path(__file__).parent / "runtime"
_SUFFIXES = (".csv", ".csv.gz")
# A message that waits for a running pipeline is seen every 15 minutes, for four days: longer than any run, and than a
# weekend's trouble.
PATIENCE = Patience(seen_again_minutes=15, most_receives=4 * 24 * 4)
_WINDOW_SECONDS = 120
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
        events = EventQueue(
            self,
            "Default",
            rules={"Delivered": _delivered(bucket_name, list(pipelines))},
            patience=PATIENCE,
            key=key,
        )
        self.queue, self.dead_letters = events.queue, events.dead_letters
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
            statements=[
                events.take_statement(),
                *start_statements(self.dead_letters.queue_arn, list(pipelines.values())),
            ],
            log_group=log_group,
            key=key,
            failures=failures,
            rules=rules,
            concurrency=_CONCURRENCY,
        ).function
        self.function_name = function.function_name
        events.feed(function, batch=100, window_seconds=_WINDOW_SECONDS, at_once=_CONCURRENCY)


def _delivered(bucket_name: str, prefixes: list[str]) -> EventRule:
    keys = [{"wildcard": f"{prefix}/*{suffix}"} for prefix in prefixes for suffix in _SUFFIXES]
    return EventRule(
        "A CSV file of a data source was put into the raw zone",
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket_name]}, "object": {"key": keys}},
        },
    )


def start_statements(dead_letters_arn: str, pipeline_arns: list[str]) -> list[Statement]:
    """Return the right to lay events into the dead letters, and to start named pipelines."""
    return [
        Statement(sid="LayEventsAside", actions=["sqs:SendMessage"], resources=[dead_letters_arn]),
        Statement(
            sid="StartPipelines",
            actions=["sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"],
            resources=pipeline_arns,
        ),
    ]
