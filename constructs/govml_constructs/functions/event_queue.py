"""`EventQueue`: events and clocks -> encrypted queue -> one function, and a dead-letter queue behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.place import PlacedConstruct, place_of

_LONGEST_DAYS = 14  # SQS developer guide, "Amazon SQS message quotas": the longest that a message is kept


@dataclass(frozen=True)
class EventRule:
    """What puts a message into the queue.

    Args:
        description: when it does, in a sentence.
        pattern: events that it passes on, as EventBridge takes it; None for a clock.
        schedule: `rate(...)` or `cron(...)` of a clock, in UTC; None for events.

    Raises:
        ValueError: neither or both of pattern and schedule are given.
    """

    description: str
    pattern: Mapping[str, object] | None = None
    schedule: str | None = None

    def __post_init__(self) -> None:
        """Refuse what EventBridge would take for something else."""
        if (self.pattern is None) == (self.schedule is None):
            raise ValueError(f"{self.description}: give either a pattern or a schedule")


@dataclass(frozen=True)
class Patience:
    """How long the queue waits for its function to succeed.

    Args:
        seen_again_minutes: how long a message is hidden once it was taken, whatever came of it. Lambda developer guide,
            "Using Lambda with Amazon SQS": at least six times the function's timeout, and the batch window besides.
        most_receives: how often it is taken before it counts as undeliverable, 1 to 1,000.
    """

    seen_again_minutes: int
    most_receives: int


class EventQueue(PlacedConstruct):
    """What happens waits here until a function has acted on it; what it never could lies in the dead letters.

    As a part of a trigger give it the id `Default`: CDK leaves that out of logical ids.

    Args:
        rules: construct id -> what puts messages into the queue.
        patience: how long a message is tried.
        key: key of both queues.
        queue_name: physical name, where people or schedules find the queue by it.

    Attributes:
        queue: messages that wait.
        dead_letters: messages that the function failed on for too long.

    Controls: both queues encrypted and TLS only, only these rules put events into the queue, no message is dropped.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        rules: Mapping[str, EventRule],
        patience: Patience,
        key: kms.IKey,
        queue_name: str | None = None,
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
            visibility_timeout=Duration.minutes(patience.seen_again_minutes),
            retention_period=Duration.days(_LONGEST_DAYS),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=patience.most_receives),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._let_in([self._rule(name, rule) for name, rule in rules.items()])

    def take_statement(self, *, and_put_off: bool = False) -> Statement:
        """Return what a function needs to take messages.

        Args:
            and_put_off: it may also say itself when a message is seen again.
        """
        actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        if and_put_off:
            actions.append("sqs:ChangeMessageVisibility")
        return Statement(sid="TakeEvents", actions=actions, resources=[self.queue.queue_arn])

    def feed(
        self,
        function: lambda_.IFunction,
        *,
        batch: int = 10,
        window_seconds: int | None = None,
        at_once: int | None = None,
        construct_id: str = "Events",
    ) -> None:
        """Hand messages to a function, which gives back by id those that it could not act on.

        Args:
            function: it holds `take_statement`.
            batch: messages that it is handed at most, 1 to 10,000; more than 10 need a window.
            window_seconds: how long Lambda gathers messages before it calls, 0 to 300 seconds.
            at_once: instances that Lambda calls at the most. Lambda developer guide, "Configuring maximum concurrency for
                Amazon SQS event sources": 2 to 1,000. None leaves it to the function's own concurrency.
            construct_id: id of the mapping.
        """
        lambda_.CfnEventSourceMapping(
            self,
            construct_id,
            function_name=function.function_arn,
            event_source_arn=self.queue.queue_arn,
            batch_size=batch,
            maximum_batching_window_in_seconds=window_seconds,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=at_once)
            if at_once is not None
            else None,
        )

    def _rule(self, construct_id: str, rule: EventRule) -> events.CfnRule:
        return events.CfnRule(
            self,
            construct_id,
            description=rule.description,
            event_pattern=dict(rule.pattern) if rule.pattern is not None else None,
            schedule_expression=rule.schedule,
            state="ENABLED",
            targets=[events.CfnRule.TargetProperty(id="Queue", arn=self.queue.queue_arn)],
        )

    def _let_in(self, rules: list[events.CfnRule]) -> None:
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowSendByRules",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": place_of(self).account},
                    "ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]},
                },
            )
        )
