"""The local account's endpoints with a front attached: SageMaker's API, CloudFormation, metrics, alarms and captures."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from hosting_stage import FakeProgram, archive

from govml.canary.probe import Target, probe
from govml.local import Connection
from govml.local.hosting.service import Front, fronted
from govml.release.live_rows import live_key
from govml.telemetry.trace.requests import find_captured, find_requests

BUCKET, ENDPOINT, STACK = "hosting-test-models", "hosting-test", "HostingTest"
# A minute of the service is half a second.
SPEED = 120.0


def template() -> dict[str, Any]:
    """Model, configuration and endpoint of a use case, whose version is a parameter, with a canary that an alarm guards."""
    role = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/hosting-test"}
    routing = {
        "Type": "CANARY",
        "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
        "WaitIntervalInSeconds": 300,
    }
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{BUCKET}/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    variant = {
        "VariantName": "live",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InstanceType": "ml.m7i.large",
        "InitialInstanceCount": 2,
        "InitialVariantWeight": 1,
    }
    return {
        "Parameters": {"Live": {"Type": "String", "Default": ""}},
        "Conditions": {"HasLive": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Live"}, ""]}]}},
        "Resources": {
            "Errors": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": "hosting-test-errors",
                    "Namespace": "AWS/SageMaker",
                    "MetricName": "Invocation5XXErrors",
                    "Dimensions": [
                        {"Name": "EndpointName", "Value": ENDPOINT},
                        {"Name": "VariantName", "Value": "live"},
                    ],
                    "Statistic": "Average",
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "Threshold": 0.05,
                    "ComparisonOperator": "GreaterThanThreshold",
                    "TreatMissingData": "notBreaching",
                },
            },
            "Model": {
                "Type": "AWS::SageMaker::Model",
                "Condition": "HasLive",
                "Properties": {
                    "ExecutionRoleArn": role,
                    "PrimaryContainer": {
                        "Image": "123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/serving@sha256:" + "0" * 64,
                        "ModelDataUrl": {"Fn::Sub": f"s3://{BUCKET}/${{Live}}.tar.gz"},
                    },
                },
            },
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Condition": "HasLive",
                "Properties": {"ProductionVariants": [variant], "DataCaptureConfig": capture},
            },
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Condition": "HasLive",
                "Properties": {
                    "EndpointName": ENDPOINT,
                    "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                    "DeploymentConfig": {
                        "BlueGreenUpdatePolicy": {
                            "TrafficRoutingConfiguration": routing,
                            "TerminationWaitInSeconds": 60,
                        },
                        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Errors"}}]},
                    },
                },
            },
        },
    }


@dataclass(frozen=True)
class Scene:
    """The account, the front, and what they need."""

    account: Connection
    front: Front

    def client(self, service: str) -> Any:
        return self.account.client(service)

    def runtime(self, url: str | None = None, **keys: str) -> Any:
        """A boto3 client of SageMaker Runtime: unchanged but for its endpoint."""
        given = {"aws_access_key_id": self.account.account, "aws_secret_access_key": "local", **keys}
        return boto3.client(
            "sagemaker-runtime", region_name=self.account.region, endpoint_url=url or self.front.url, **given
        )

    def release(self, version: str) -> None:
        """Change the one parameter and wait as long as CloudFormation does."""
        cloudformation = self.client("cloudformation")
        cloudformation.update_stack(
            StackName=STACK,
            UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": "Live", "ParameterValue": version}],
        )
        cloudformation.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})

    def described(self) -> dict[str, Any]:
        told: dict[str, Any] = self.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
        return told


def ask(runtime: Any, **named: Any) -> dict[str, Any]:
    """One request; the model's answer."""
    told = runtime.invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}", ContentType="application/json", **named)
    answer: dict[str, Any] = json.loads(told["Body"].read())
    return answer


class Load:
    """Requests one after the other while the block lasts."""

    def __init__(self, runtime: Any) -> None:
        self.runtime, self.stop = runtime, threading.Event()
        self.seen, self.failed = Counter[str](), list[str]()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.stop.is_set():
            try:
                self.seen[ask(self.runtime)["version"]] += 1
            except ClientError as error:
                self.failed.append(error.response["Error"]["Code"])

    def __enter__(self) -> Load:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture(scope="module")
def scene(bare_account: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    s3, iam, cloudformation = (bare_account.client(name) for name in ("s3", "iam", "cloudformation"))
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": bare_account.region})
    for version, told in {"v1": {}, "v2": {}, "bad": {"status": 500}, "known": {"answer": 4.5}}.items():
        s3.put_object(Bucket=BUCKET, Key=f"{version}.tar.gz", Body=archive(version, **told))
    iam.create_role(RoleName="hosting-test", AssumeRolePolicyDocument="{}")
    folder: Path = tmp_path_factory.mktemp("front")
    with fronted(bare_account, FakeProgram(), folder, speed=SPEED, tell=lambda _: None) as front:
        threading.Thread(target=front.reconciler.run, daemon=True).start()
        cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(template()))
        cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
        found = Scene(bare_account, front)
        found.release("v1")
        yield found
        cloudformation.delete_stack(StackName=STACK)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})


def test_a_release_is_served_behind_both_addresses(scene: Scene) -> None:
    assert scene.described()["EndpointStatus"] == "InService"
    for url in (scene.front.url, scene.account.endpoint_url):
        assert ask(scene.runtime(url))["version"] == "v1"


def test_an_answer_names_its_variant_and_hands_attributes_on(scene: Scene) -> None:
    told = scene.runtime().invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}", CustomAttributes="trace=7")
    assert (told["InvokedProductionVariant"], told["CustomAttributes"]) == ("live", "trace=7")


def test_a_request_is_found_in_the_accounts_log_and_among_the_captures(scene: Scene) -> None:
    logs = scene.client("logs")
    logs.create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{ENDPOINT}")
    for correlation in ("case-7", "case-71"):
        scene.runtime().invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}", CustomAttributes=correlation)
    scene.front.flush()
    [found] = find_requests(logs, ENDPOINT, "case-7", since=datetime.now(UTC) - timedelta(hours=1))
    assert (found.told["correlation_id"], found.told["status"]) == ("case-7", 200)
    captured = find_captured(scene.client("s3"), BUCKET, "captured", found)
    assert captured is not None
    assert "bytes" in captured.prediction
    assert find_requests(logs, ENDPOINT, "case-8", since=datetime.now(UTC) - timedelta(hours=1)) == []


def test_the_canary_finds_what_the_release_said_and_what_differs(scene: Scene) -> None:
    place = {"Bucket": BUCKET, "Key": live_key("hosting-test")}
    target = Target(endpoint=ENDPOINT, variant="live", slug="hosting-test", slow_ms=30_000)

    def client(service: str) -> Any:
        return scene.runtime() if service == "sagemaker-runtime" else scene.client(service)

    def look(answer: float) -> str:
        known = {"kind": "regression", "model_version": "m1", "rows": [{"instance": {"area": 9}, "answer": answer}]}
        scene.client("s3").put_object(**place, Body=json.dumps({"version": 1, "known": known}).encode())
        return probe(client, BUCKET, target).outcome

    assert probe(client, BUCKET, target).outcome == "nothing-live"
    assert look(4.5) == "unanswered"  # v1 gives no predictions
    scene.release("known")
    assert look(4.5) == "answered"
    assert look(4.6) == "otherwise"
    scene.release("v1")


def test_captures_stand_in_the_account_in_their_form(scene: Scene) -> None:
    ask(scene.runtime(), InferenceId="inference-1")
    scene.front.flush()
    s3, found = scene.client("s3"), []
    for item in s3.list_objects_v2(Bucket=BUCKET, Prefix=f"captured/{ENDPOINT}/live/")["Contents"]:
        body = s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
        found += [json.loads(text) for text in body.splitlines()]
    event = next(event for event in found if event["eventMetadata"].get("inferenceId") == "inference-1")
    assert event["eventVersion"] == "0"
    assert event["captureData"]["endpointInput"] == {
        "observedContentType": "application/json",
        "mode": "INPUT",
        "data": "{}",
        "encoding": "JSON",
    }
    assert json.loads(event["captureData"]["endpointOutput"]["data"])["version"] == "v1"


def test_a_good_version_takes_over_and_no_request_is_lost(scene: Scene) -> None:
    with Load(scene.runtime()) as load:
        scene.release("v2")
        assert ask(scene.runtime())["version"] == "v2"
    assert load.failed == []
    assert load.seen["v1"] > 0 and load.seen["v2"] > 0
    scene.release("v1")


def test_a_bad_version_rings_the_alarm_and_the_stack_goes_back(scene: Scene) -> None:
    before = scene.described()["EndpointConfigName"]
    with Load(scene.runtime()) as load, pytest.raises(WaiterError):
        scene.release("bad")
    stack = scene.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert [item["ParameterValue"] for item in stack["Parameters"]] == ["v1"]
    told = scene.described()
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", before)
    assert set(load.failed) == {"ModelError"}  # the canary's own answers, and nothing else
    assert ask(scene.runtime())["version"] == "v1"


def test_invocations_are_counted_in_the_accounts_metrics(scene: Scene) -> None:
    ask(scene.runtime())
    scene.front.flush()
    dimensions = [{"Name": "EndpointName", "Value": ENDPOINT}, {"Name": "VariantName", "Value": "live"}]
    listed = scene.client("cloudwatch").list_metrics(Namespace="AWS/SageMaker", Dimensions=dimensions)["Metrics"]
    assert {metric["MetricName"] for metric in listed} >= {"Invocations", "ModelLatency", "Invocation5XXErrors"}


def test_weights_change_without_a_rollout_and_unknown_variants_are_refused(scene: Scene) -> None:
    sagemaker = scene.client("sagemaker")
    change = {"VariantName": "live", "DesiredWeight": 0.5, "DesiredInstanceCount": 3}
    sagemaker.update_endpoint_weights_and_capacities(EndpointName=ENDPOINT, DesiredWeightsAndCapacities=[change])
    variant = scene.described()["ProductionVariants"][0]
    assert (variant["CurrentWeight"], variant["CurrentInstanceCount"]) == (0.5, 3)
    with pytest.raises(ClientError, match="no variant other"):
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=ENDPOINT, DesiredWeightsAndCapacities=[{"VariantName": "other", "DesiredWeight": 1.0}]
        )


def test_a_role_without_the_permission_is_refused_and_one_with_it_is_not(scene: Scene) -> None:
    iam, sts = scene.client("iam"), scene.client("sts")
    arn = f"arn:aws:iam::{scene.account.account}:role/hosting-test"
    given = sts.assume_role(RoleArn=arn, RoleSessionName="consumer")["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    with pytest.raises(ClientError) as refused:
        ask(scene.runtime(**keys))
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "assumed-role/hosting-test/consumer" in refused.value.response["Error"]["Message"]

    endpoint = f"arn:aws:sagemaker:{scene.account.region}:{scene.account.account}:endpoint/{ENDPOINT}"
    statement = {"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": endpoint}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_role_policy(RoleName="hosting-test", PolicyName="invoke", PolicyDocument=json.dumps(policy))
    again = sts.assume_role(RoleArn=arn, RoleSessionName="consumer-2")["Credentials"]
    fresh = {
        "aws_access_key_id": again["AccessKeyId"],
        "aws_secret_access_key": again["SecretAccessKey"],
        "aws_session_token": again["SessionToken"],
    }
    assert ask(scene.runtime(**fresh))["version"] == "v1"
