"""`EndpointCanary`: every few minutes each endpoint is asked for what its released model is known to answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.private_function import PrivateFunction, PrivatePlace
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of

PERIOD_MINUTES = 5


@dataclass(frozen=True)
class CanaryTarget:
    """One endpoint, as the function's code takes it (`govml.canary.probe.Target`).

    Args:
        endpoint: its name.
        variant: the variant that answers callers.
        slug: the use case's name in S3.
        slow_ms: an answer that takes longer is none.
    """

    endpoint: str
    variant: str
    slug: str
    slow_ms: float


class EndpointCanary(PlacedConstruct):
    """A clock and a function in the VPC, whose log lines become the metrics `Failed` and `Latency` of each endpoint.

    Args:
        targets: what is asked.
        archive: zip of the function's code, with `govml.canary.handler`.
        artifacts: name of the bucket with the known rows of what is live, one object a use case.
        keys: S3 keys of these objects.
        data_key: key of that bucket, usable through S3 only.
        where: place in the VPC.
        log_group: where the function logs.
        key: key of the logs domain.
        alerts: topic that hears of looks that failed themselves.
        rules: rules of the function's role.

    Controls: it may ask these endpoints, read these objects, and nothing else.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        targets: Sequence[CanaryTarget],
        archive: Path,
        artifacts: str,
        keys: Sequence[str],
        data_key: kms.IKey,
        where: PrivatePlace,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        bucket = place.arn("s3", artifacts, region="", account="")
        function = PrivateFunction(
            self,
            "Look",
            archive=archive,
            handler="govml.canary.handler.handle",
            purpose="Asks endpoints for known answers",
            environment={
                "ARTIFACTS": artifacts,
                "TARGETS": json.dumps([asdict(each) for each in targets], separators=(",", ":"), sort_keys=True),
            },
            statements=[
                Statement(
                    sid="AskEndpoints",
                    actions=["sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"],
                    resources=[place.arn("sagemaker", f"endpoint/{each.endpoint}") for each in targets],
                ),
                Statement(
                    sid="ReadKnownRows", actions=["s3:GetObject"], resources=[f"{bucket}/{each}" for each in keys]
                ),
                # Whether an object is missing is told only to those who may list (S3 API reference, GetObject).
                Statement(
                    sid="FindKnownRows",
                    actions=["s3:ListBucket"],
                    resources=[bucket],
                    conditions={"StringEquals": {"s3:prefix": list(keys)}},
                ),
                use_key("UseZoneKey", [data_key.key_arn], via_services=[f"s3.{place.region}.amazonaws.com"]),
            ],
            where=where,
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
            timeout_seconds=120,
        ).function
        rule = events.CfnRule(
            self,
            "Clock",
            description="The canary looks at the endpoints",
            schedule_expression=f"rate({PERIOD_MINUTES} minutes)",
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="Look",
                    arn=function.function_arn,
                    # A look that comes late says nothing: the next one is due.
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=60, maximum_retry_attempts=1
                    ),
                )
            ],
        )
        lambda_.CfnPermission(
            self,
            "ByClock",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
            source_account=place.account,
        )
