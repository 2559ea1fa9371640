"""Every kind of endpoint in a stack of its own, and what its releases are told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from bench import BenchStack
from cfn_templates import ACCOUNT, REGION, Template

from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.endpoint_plan import AlarmLimits, EndpointPlaces, EndpointPlan, Rollout, Scaling
from govml_constructs.serving.handed_over_model import HandedOverModel
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint

CONFIG, ENDPOINT, MODEL, ALARM = (
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::Model",
    "AWS::CloudWatch::Alarm",
)
TARGET, POLICY = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/endpoint"
DIGEST = "a" * 64
PLAN = EndpointPlan(
    kind="real-time",
    instance_type="ml.m5.large",
    instances=2,
    scaling=None,
    memory_mb=2048,
    concurrency=4,
    rollout=Rollout("canary", 50, 10, 30),
    limits=AlarmLimits(1.0, 10.0, 500),
    capture_percent=100,
    challenger="none",
    challenger_percent=10,
)
NO_ROLLOUT = {"rollout": None, "capture_percent": 0}
PLANS: Mapping[str, EndpointPlan] = {
    "Plain": PLAN,
    "Linear": dataclasses.replace(PLAN, instances=10, rollout=Rollout("linear", 10, 5, 55)),
    "Shadow": dataclasses.replace(PLAN, challenger="shadow"),
    "Ab": dataclasses.replace(
        PLAN, challenger="ab", rollout=Rollout("all-at-once", 50, 5, 10), scaling=Scaling(6, 900)
    ),
    "Async": dataclasses.replace(
        PLAN,
        kind="asynchronous",
        instances=0,
        scaling=Scaling(3, 5),
        capture_percent=0,
        rollout=Rollout("all-at-once", 50, 5, 10),
    ),
    "Serverless": dataclasses.replace(PLAN, kind="serverless", **NO_ROLLOUT),
    "Disks": dataclasses.replace(PLAN, instance_type="ml.m5d.large"),
    "HandedOver": PLAN,
}


def released(who: str = "Live", version: str = "3", digest: str = DIGEST) -> dict[str, str]:
    return {
        f"{who}ModelData": f"s3://artifacts/hdb-resale/released/{digest}/model.tar.gz",
        f"{who}ModelDigest": digest,
        f"{who}Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/jobs@sha256:{digest}",
        f"{who}Version": version,
    }


RELEASED = released()
BOTH = {**RELEASED, **released("Challenger", "4", "b" * 64)}


def build(app: App, name: str, plan: EndpointPlan, archive: Path) -> None:
    stack = BenchStack(app, name)
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    handed_over = None
    if name == "HandedOver":
        handed_over = HandedOverModel(stack, "HandedOver", location=str(archive), image="jobs:1").model
    results = None
    if plan.kind == "asynchronous":
        results = AsyncResults(
            stack, "Results", data_uri="s3://artifacts/x", key=key, messages_key=key, concurrency=plan.concurrency
        )
    SafeEndpoint(
        stack,
        "Serving",
        name=f"bench-{name}",
        plan=plan,
        places=EndpointPlaces(
            subnet_ids=["subnet-0123456789abcdef0"],
            security_group_id="sg-0123456789abcdef0",
            data_uri="s3://artifacts/x",
            key=key,
            volume_key=None if name in {"Serverless", "Disks"} else key,
        ),
        parameters=ReleaseParameters(stack, "Release", handed_over=handed_over, challenger=plan.challenger != "none"),
        variables={"GOVML_METRICS": "emf"},
        role_arn=ROLE,
        results=results,
        alerts=sns.Topic.from_topic_arn(stack, "Alerts", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"),
    )


def one(template: Template, kind: str) -> dict[str, Any]:
    (found,) = template.made(kind)
    return found.properties


def referred(value: Any, template: Template) -> Iterator[str]:
    """Give the logical ids that a value refers to, in the branches of `Fn::If` that are taken."""
    if isinstance(value, list):
        for each in value:
            yield from referred(each, template)
    elif isinstance(value, dict):
        for function, argument in value.items():
            if function == "Fn::If":
                yield from referred(argument[1] if template.holds(argument[0]) else argument[2], template)
            elif function in ("Ref", "Fn::GetAtt"):
                yield argument if isinstance(argument, str) else argument[0]
            else:
                yield from referred(argument, template)
