"""`RetrainingTrigger`: alarms, schedules and people ask; one function decides and starts a pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
from govml_constructs.place import PlacedConstruct, place_of, pseudo_parameters

RUNTIME = Path(__file__).parent / "runtime"
# Lambda developer guide, "Using Lambda with Amazon SQS": at least six times the function's timeout.
_SEEN_AGAIN = Duration.minutes(15)
# A service that is out for longer than a working day is somebody's task; the message then lies in the dead letters.
_MOST_RECEIVES = 32


@dataclass(frozen=True)
class WatchedUseCase:
    """A use case whose model may be trained again.

    Args:
        pipeline: name of its training pipeline.
        drift_alarm: name of the alarm that stands for sustained drift.
        feed_alarm: name of the alarm that stands for data which cannot be trusted.
        mode: `automatic`, `approval` or `off`.
        cool_down_days: how long one drift starts nothing after another.
        live_model: name of the SSM parameter that says where the live model is.
        monitor: name of the pipeline in which the drift engine looks at the model.
        data: S3 URI of the use case's prefix in the artefact zone, without a slash at its end.
        endpoint: name of the endpoint whose requests are captured there.
    """

    pipeline: str
    drift_alarm: str
    feed_alarm: str
    mode: str
    cool_down_days: int
    live_model: str
    monitor: str
    data: str
    endpoint: str


class RetrainingTrigger(PlacedConstruct):
    """EventBridge -> encrypted queue -> function -> `StartPipelineExecution` with the live model as champion.

    Args:
        prefix: prefix of the environment's names, which starts every message to people.
        use_cases: slug -> what is watched of it.
        queue_name: physical name of the queue, by which people and schedules find it.
        log_group: where the function logs.
        key: key of the logs domain: of both queues, of the function's environment and of the alert topic.
        alerts: topic that is told what is not done by itself, and of messages that the function failed on.
        rules: rules of the function's role.

    Attributes:
        queue: requests that wait.
        function_name: name of the function.
        dead_letters: requests that nobody could act on.

    Controls: only this environment's drift alarms reach the queue by the rule, nothing is dropped, the function starts
    exactly these pipelines, reads exactly these parameters,
    and of data sees only whether there is any.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        use_cases: Mapping[str, WatchedUseCase],
        queue_name: str,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetterQueue(self, "DeadLetters", key=key, behind_queue=True).queue
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            visibility_timeout=_SEEN_AGAIN,
            retention_period=Duration.days(14),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=_MOST_RECEIVES),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._send_alarms([case.drift_alarm for case in use_cases.values()])
        # One at a time, so that two requests see each other's run; a second batch that is refused stays in the queue.
        function = ControlPlaneFunction(
            self,
            "Decide",
            runtime=RUNTIME,
            purpose="Decides on retraining",
            because="since a drift, a schedule and a person may ask at the same time",
            environment={
                "PREFIX": prefix,
                "USE_CASES": json.dumps(
                    {slug: asdict(case) for slug, case in use_cases.items()}, separators=(",", ":"), sort_keys=True
                ),
                "ALERTS": alerts.topic_arn,
            },
            statements=self._statements(list(use_cases.values())),
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
            concurrency=1,
        ).function
        self.function_name = function.function_name
        lambda_.CfnEventSourceMapping(
            self,
            "Requests",
            function_name=function.function_arn,
            event_source_arn=self.queue.queue_arn,
            batch_size=10,
            function_response_types=["ReportBatchItemFailures"],
        )

    def _send_alarms(self, alarms: Sequence[str]) -> None:
        rule = events.CfnRule(
            self,
            "Drifted",
            description="The drift engine asks for a model to be trained again",
            event_pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": list(alarms), "state": {"value": ["ALARM"]}},
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

    def _statements(self, cases: Sequence[WatchedUseCase]) -> list[Statement]:
        place = place_of(self)
        pipelines = [pipeline for case in cases for pipeline in (case.pipeline, case.monitor)]
        return [
            Statement(
                sid="TakeRequests",
                actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                resources=[self.queue.queue_arn],
            ),
            Statement(
                sid="StartPipelines",
                actions=["sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"],
                resources=[place.arn("sagemaker", f"pipeline/{name}") for name in pipelines],
            ),
            Statement(
                sid="SeeFeedAlarms",
                actions=["cloudwatch:DescribeAlarms"],
                resources=[place.arn("cloudwatch", f"alarm:{case.feed_alarm}") for case in cases],
            ),
            Statement(
                sid="SeeLiveModel",
                actions=["ssm:GetParameter"],
                resources=[place.arn("ssm", f"parameter{case.live_model}") for case in cases],
            ),
            *_see_whether(cases),
        ]


def _see_whether(cases: Sequence[WatchedUseCase]) -> list[Statement]:
    """Return the right to see whether anything stands at the places that a look reads, and not what is in it."""
    prefixes: dict[str, list[str]] = {}
    for case in cases:
        bucket, _, prefix = case.data.removeprefix("s3://").partition("/")
        places = (
            f"{prefix}/released/*/baseline.json",
            f"{prefix}/capture/{case.endpoint}/",
            f"{prefix}/monitoring/state/",
        )
        prefixes.setdefault(bucket, []).extend(places)
    partition = pseudo_parameters()[0]
    return [
        Statement(
            sid=f"SeeWhether{number}",
            actions=["s3:ListBucket"],
            resources=[f"arn:{partition}:s3:::{bucket}"],
            conditions={"StringLike": {"s3:prefix": sorted(places)}},
        )
        for number, (bucket, places) in enumerate(prefixes.items())
    ]
