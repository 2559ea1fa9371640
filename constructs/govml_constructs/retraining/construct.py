"""`RetrainingTrigger`: alarms, schedules and people ask; one function decides and starts a pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.retraining.statements import decide_statements, look_statements
from govml_constructs.retraining.watched import WatchedUseCase

RUNTIME = Path(__file__).parent / "runtime"
# Lambda developer guide, "Using Lambda with Amazon SQS": at least six times the function's timeout.
_SEEN_AGAIN = Duration.minutes(15)
# A service that is out for longer than a working day is somebody's task; the message then lies in the dead letters.
_MOST_RECEIVES = 32


class RetrainingTrigger(PlacedConstruct):
    """EventBridge -> encrypted queue -> function -> `StartPipelineExecution` with the live model as champion.

    Args:
        prefix: prefix of the environment's names, which starts every message to people.
        use_cases: slug -> what is watched of it.
        queue_name: physical name of the queue, by which people and schedules find it.
        log_group: where the function logs.
        key: key of the logs domain: of both queues, of the function's environment and of the alert topic.
        alerts: topic that is told what is not done by itself, and of messages that the function failed on.
        evidence: bucket in which findings of looks are kept, under `key`.
        store_key: key of the artefact zone, in which looks leave them.
        rules: rules of the function's role.

    Attributes:
        queue: requests that wait.
        function_name: name of the function.
        dead_letters: requests that nobody could act on.

    Controls: only this environment's drift alarms and looks reach the queue by rules, nothing is dropped, the function
    starts exactly these pipelines, reads exactly these parameters, and of what was captured sees only names.
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
        evidence: s3.IBucket,
        store_key: kms.IKey,
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
        cases = list(use_cases.values())
        self._send_events(cases)
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
                "EVIDENCE": evidence.bucket_name,
            },
            statements=[
                *decide_statements(place_of(self), cases, self.queue.queue_arn),
                *look_statements(place_of(self), cases, evidence.bucket_arn, store_key.key_arn),
            ],
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

    def _send_events(self, cases: Sequence[WatchedUseCase]) -> None:
        looks = [place_of(self).arn("sagemaker", f"pipeline/{case.monitor}") for case in cases]
        patterns = {
            "Drifted": {
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": [case.drift_alarm for case in cases], "state": {"value": ["ALARM"]}},
            },
            "Looked": {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                "detail": {"pipelineArn": looks, "currentPipelineExecutionStatus": ["Succeeded"]},
            },
        }
        says = {
            "Drifted": "The drift engine asks for a model to be trained again",
            "Looked": "The drift engine has looked at a model: its findings are evidence",
        }
        rules = [
            events.CfnRule(
                self,
                name,
                description=says[name],
                event_pattern=pattern,
                state="ENABLED",
                targets=[events.CfnRule.TargetProperty(id="Queue", arn=self.queue.queue_arn)],
            )
            for name, pattern in patterns.items()
        ]
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowSendByRule",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": place_of(self).account},
                    "ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]},
                },
            )
        )
