"""`SafeEndpoint` and its parts: nothing without a release, every release guarded, each kind as its plan says."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import botocore.validate
import jsonschema
import pytest
from aws_cdk import App
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from bench import BenchStack, Stand
from cfn_templates import ACCOUNT, REGION, Template, read_deployment
from identities import Identity

from govml.resource_schemas import resource_schema
from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.batch_transform import definition
from govml_constructs.serving.endpoint_plan import AlarmLimits, EndpointPlaces, EndpointPlan, Rollout, Scaling
from govml_constructs.serving.handed_over_model import HandedOverModel
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint
from govml_constructs.validation.nag_packs import register_packs

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


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.tar.gz"
    path.write_bytes(b"a model")
    return path


@pytest.fixture(scope="session")
def templates(new_app: Any, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """Every plan in a stack of its own; the synth raises when either nag pack has an open finding."""
    folder = tmp_path_factory.mktemp("serving")
    app: App = new_app(folder)
    register_packs(app)
    for name, plan in PLANS.items():
        build(app, name, plan, archive)
    app.synth()
    return read_deployment(folder).templates


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


class TestReleases:
    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"HandedOver"}))
    def test_without_a_release_nothing_is_served_and_nothing_rings(
        self, templates: Mapping[str, Template], name: str
    ) -> None:
        assert templates[name].made(MODEL, CONFIG, ENDPOINT, ALARM, TARGET, POLICY) == []

    @pytest.mark.parametrize("name", sorted(PLANS))
    def test_a_release_makes_exactly_one_endpoint_of_that_model(
        self, templates: Mapping[str, Template], name: str
    ) -> None:
        given = templates[name].given(**RELEASED)
        container = one(given, MODEL)["PrimaryContainer"]
        assert container["ModelDataUrl"] == RELEASED["LiveModelData"]
        assert container["Image"] == RELEASED["LiveImage"]
        assert container["Environment"] == {
            "GOVML_MODEL_VERSION": "3",
            "GOVML_MODEL_DIGEST": DIGEST,
            "GOVML_METRICS": "emf",
        }
        assert one(given, ENDPOINT)["EndpointName"] == f"bench-{name}"
        (variant,) = [each for each in one(given, CONFIG)["ProductionVariants"] if each]
        assert variant["VariantName"] == "live"

    @pytest.mark.parametrize("parameters", [{}, RELEASED, BOTH], ids=["nothing", "live", "both"])
    @pytest.mark.parametrize("name", sorted(PLANS))
    def test_nothing_refers_to_what_is_not_made(
        self, templates: Mapping[str, Template], name: str, parameters: dict[str, str]
    ) -> None:
        given = templates[name].given(**parameters)
        absent = {each.logical_id for each in given.all()} - {each.logical_id for each in given.made()}
        for resource in given.made():
            assert set(referred(resource.body.get("Properties", {}), given)) & absent == set(), resource.path

    def test_neither_models_nor_configurations_have_names_that_would_block_their_successors(
        self, templates: Mapping[str, Template]
    ) -> None:
        for name in PLANS:
            given = templates[name].given(**BOTH)
            assert not [each for each in given.made(MODEL) if "ModelName" in each.properties]
            assert "EndpointConfigName" not in one(given, CONFIG)

    @pytest.mark.parametrize(
        ("change", "sound"),
        [({}, True), ({"LiveVersion": ""}, False), ({"LiveImage": ""}, False), ({"LiveModelData": ""}, False)],
    )
    def test_a_model_is_released_whole_or_not_at_all(
        self, templates: Mapping[str, Template], change: dict[str, str], sound: bool
    ) -> None:
        given = templates["Plain"].given(**{**RELEASED, **change})
        assert given.holds(given.body["Rules"]["LiveIsWhole"]["Assertions"][0]["Assert"]) is sound

    def test_a_challenger_is_refused_where_none_is_planned(self, templates: Mapping[str, Template]) -> None:
        for parameters, sound in ((RELEASED, True), (BOTH, False), ({**RELEASED, "ChallengerWeight": "5"}, False)):
            given = templates["Plain"].given(**parameters)
            assert given.holds(given.body["Rules"]["NoChallenger"]["Assertions"][0]["Assert"]) is sound

    @pytest.mark.parametrize(
        ("parameter", "good", "bad"),
        [
            ("LiveModelData", "s3://artifacts/x/model.tar.gz", "https://example.org/model.tar.gz"),
            ("LiveModelDigest", DIGEST, DIGEST[:-1]),
            ("LiveImage", f"jobs@sha256:{DIGEST}", "jobs:latest"),
            ("LiveVersion", "12", "0"),
            ("ChallengerWeight", "100", "101"),
        ],
    )
    def test_a_parameter_takes_its_kind_and_nothing_else(
        self, templates: Mapping[str, Template], parameter: str, good: str, bad: str
    ) -> None:
        body = templates["Plain"].body["Parameters"][parameter]
        for value, sound in ((good, True), ("", True), (bad, False)):
            check = jsonschema.Draft202012Validator({"pattern": f"^(?:{body['AllowedPattern']})$"})
            assert check.is_valid(value) is sound, value

    def test_a_model_handed_over_by_hand_is_live_until_the_first_release(
        self, templates: Mapping[str, Template], archive: Path
    ) -> None:
        before, after = templates["HandedOver"], templates["HandedOver"].given(**RELEASED)
        handed = one(before, MODEL)["PrimaryContainer"]
        assert handed["Image"] == "jobs:1"
        assert handed["ModelDataUrl"].endswith(".tar.gz")
        assert handed["Environment"]["GOVML_MODEL_DIGEST"] == hashlib.sha256(archive.read_bytes()).hexdigest()
        assert one(after, MODEL)["PrimaryContainer"]["Image"] == RELEASED["LiveImage"]
        assert {each.logical_id for each in before.made()} == {each.logical_id for each in after.made()}

    def test_a_model_that_is_not_there_cannot_be_handed_over(self, scratch: BenchStack) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            HandedOverModel(scratch, "HandedOver", location="/nowhere/model.tar.gz", image="jobs:1")

    def test_an_object_is_read_where_it_stands_and_nothing_beside_it(self, scratch: BenchStack) -> None:
        handed = HandedOverModel(scratch, "HandedOver", location="s3://theirs/a/model.tar.gz", image="jobs:1")
        (statement,) = handed.statements()
        assert statement.actions == ["s3:GetObject"]
        assert str(scratch.resolve(statement.resources[0])["Fn::Join"][1][-1]) == ":s3:::theirs/a/model.tar.gz"


class TestRollouts:
    def test_an_alarm_takes_a_release_back_and_exists_before_the_endpoint(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Plain"].given(**RELEASED)
        alarms = {each.name: each for each in given.made(ALARM)}
        guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
        assert {each["AlarmName"] for each in guards} == set(alarms)
        assert len(alarms) == 3
        for alarm in alarms.values():
            text = str(alarm.body)
            assert "Ref': 'Serving" not in text, "an alarm waits for nothing of the endpoint"
            assert "DependsOn" not in alarm.body

    def test_alarms_are_shares_and_microseconds(self, templates: Mapping[str, Template]) -> None:
        given = templates["Plain"].given(**RELEASED)
        found = {
            each.properties["MetricName"]: (
                each.properties["Threshold"],
                each.properties.get("Statistic") or each.properties["ExtendedStatistic"],
            )
            for each in given.made(ALARM)
        }
        assert found == {
            "Invocation5XXErrors": (0.01, "Average"),
            "InvocationModelErrors": (0.1, "Average"),
            "ModelLatency": (500_000, "p99"),
        }
        for each in given.made(ALARM):
            dimensions = {each["Name"]: each["Value"] for each in each.properties["Dimensions"]}
            assert dimensions == {"EndpointName": "bench-Plain", "VariantName": "live"}
            assert each.properties["AlarmActions"] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"]

    @pytest.mark.parametrize(
        ("name", "routing", "last_bake", "timeout"),
        [
            (
                "Plain",
                {
                    "Type": "CANARY",
                    "WaitIntervalInSeconds": 600,
                    "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                },
                600,
                3600,
            ),
            (
                "Linear",
                {
                    "Type": "LINEAR",
                    "WaitIntervalInSeconds": 300,
                    "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                },
                300,
                5100,
            ),
            ("Ab", {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}, 300, 2400),
        ],
    )
    def test_traffic_moves_as_planned(
        self, templates: Mapping[str, Template], name: str, routing: dict[str, Any], last_bake: int, timeout: int
    ) -> None:
        policy = one(templates[name].given(**RELEASED), ENDPOINT)["DeploymentConfig"]["BlueGreenUpdatePolicy"]
        assert policy["TrafficRoutingConfiguration"] == routing
        assert policy["TerminationWaitInSeconds"] == last_bake
        assert policy["MaximumExecutionTimeoutInSeconds"] == timeout

    def test_a_serverless_endpoint_has_none(self, templates: Mapping[str, Template]) -> None:
        assert "DeploymentConfig" not in one(templates["Serverless"].given(**RELEASED), ENDPOINT)


class TestChallengers:
    @pytest.mark.parametrize(
        ("weight", "shares"), [("", (90, 10)), ("25", (75, 25)), ("0", (100, 0)), ("100", (0, 100))]
    )
    def test_an_ab_challenger_answers_its_share(
        self, templates: Mapping[str, Template], weight: str, shares: tuple[int, int]
    ) -> None:
        given = templates["Ab"].given(**BOTH, ChallengerWeight=weight)
        live, challenger = one(given, CONFIG)["ProductionVariants"]
        assert (int(live["InitialVariantWeight"]), int(challenger["InitialVariantWeight"])) == shares
        assert live["ModelName"] != challenger["ModelName"]

    def test_a_shadow_gets_copies_and_the_live_model_answers_everything(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Shadow"].given(**BOTH, ChallengerWeight="30")
        config = one(given, CONFIG)
        (live,), (shadow,) = config["ProductionVariants"], config["ShadowProductionVariants"]
        assert (live["InitialVariantWeight"], int(shadow["InitialVariantWeight"])) == (100, 30)
        assert one(templates["Shadow"].given(**RELEASED), CONFIG).get("ShadowProductionVariants") is None

    def test_a_shadow_s_errors_stop_no_release_and_a_challenger_s_do(self, templates: Mapping[str, Template]) -> None:
        for name, number in (("Shadow", 3), ("Ab", 6)):
            given = templates[name].given(**BOTH)
            guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
            assert len(guards) == number
            assert len(given.made(ALARM)) == 6

    def test_no_challenger_lives_without_a_live_model(self, templates: Mapping[str, Template]) -> None:
        assert templates["Ab"].given(**released("Challenger")).made(MODEL) == []


class TestScaling:
    def test_scaled_capacity_survives_a_release_and_a_new_share_does_not_wait(
        self, templates: Mapping[str, Template]
    ) -> None:
        endpoint = one(templates["Ab"].given(**BOTH), ENDPOINT)
        assert endpoint["RetainAllVariantProperties"] is True
        assert endpoint["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DesiredWeight"}]
        assert "RetainAllVariantProperties" not in one(templates["Plain"].given(**RELEASED), ENDPOINT)

    def test_each_variant_that_answers_scales_by_its_requests(self, templates: Mapping[str, Template]) -> None:
        given = templates["Ab"].given(**BOTH)
        assert {each.properties["ResourceId"] for each in given.made(TARGET)} == {
            "endpoint/bench-Ab/variant/live",
            "endpoint/bench-Ab/variant/challenger",
        }
        for each in given.made(TARGET):
            assert (each.properties["MinCapacity"], each.properties["MaxCapacity"]) == (2, 6)
        for each in given.made(POLICY):
            tracking = each.properties["TargetTrackingScalingPolicyConfiguration"]
            assert tracking["TargetValue"] == 900
            assert tracking["PredefinedMetricSpecification"]["PredefinedMetricType"].endswith("InvocationsPerInstance")
        assert len(templates["Ab"].given(**RELEASED).made(TARGET)) == 1

    def test_an_asynchronous_endpoint_sleeps_at_zero_and_one_waiting_request_wakes_it(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Async"].given(**RELEASED)
        assert one(given, TARGET)["MinCapacity"] == 0
        assert one(given, CONFIG)["ProductionVariants"][0]["InitialInstanceCount"] == 1
        kinds = {each.properties["PolicyType"]: each for each in given.made(POLICY)}
        backlog = kinds["TargetTrackingScaling"].properties["TargetTrackingScalingPolicyConfiguration"]
        assert backlog["CustomizedMetricSpecification"]["MetricName"] == "ApproximateBacklogSizePerInstance"
        (wake,) = [
            each.properties
            for each in given.made(ALARM)
            if each.properties["MetricName"] == "HasBacklogWithoutCapacity"
        ]
        assert wake["AlarmActions"] == [kinds["StepScaling"].name]
        guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
        assert wake["AlarmName"] not in {each["AlarmName"] for each in guards}  # it needs the endpoint first


class TestProtection:
    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"Serverless"}))
    def test_models_have_neither_network_nor_way_out(self, templates: Mapping[str, Template], name: str) -> None:
        for model in templates[name].given(**BOTH).made(MODEL):
            assert model.properties["EnableNetworkIsolation"] is True
            assert model.properties["VpcConfig"]["Subnets"]

    @pytest.mark.parametrize("name", sorted(set(PLANS) - {"Serverless", "Disks"}))
    def test_disks_are_under_the_agency_s_key(self, templates: Mapping[str, Template], name: str) -> None:
        assert one(templates[name].given(**RELEASED), CONFIG)["KmsKeyId"] == KEY

    def test_requests_and_answers_are_captured_below_the_use_case_s_prefix(
        self, templates: Mapping[str, Template]
    ) -> None:
        capture = one(templates["Plain"].given(**RELEASED), CONFIG)["DataCaptureConfig"]
        assert capture["EnableCapture"] is True
        assert capture["InitialSamplingPercentage"] == 100
        assert capture["DestinationS3Uri"] == "s3://artifacts/x/capture"
        assert capture["KmsKeyId"] == KEY
        assert [each["CaptureMode"] for each in capture["CaptureOptions"]] == ["Input", "Output"]
        for name in ("Async", "Serverless"):
            assert "DataCaptureConfig" not in one(templates[name].given(**RELEASED), CONFIG)

    def test_answers_of_an_asynchronous_endpoint_are_encrypted_wherever_they_go(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Async"].given(**RELEASED)
        output = one(given, CONFIG)["AsyncInferenceConfig"]["OutputConfig"]
        assert output["KmsKeyId"] == KEY
        topics = {each.arn: each.properties for each in given.made("AWS::SNS::Topic")}
        assert set(output["NotificationConfig"].values()) == set(topics)
        assert {each["KmsMasterKeyId"] for each in topics.values()} == {KEY}

    def test_everything_that_is_written_is_as_cloudformation_s_schemas_have_it(
        self, templates: Mapping[str, Template]
    ) -> None:
        for name in PLANS:
            for resource in templates[name].given(**BOTH).made(MODEL, CONFIG, ENDPOINT, TARGET, POLICY):
                allowed = resource_schema(resource.type, REGION)["properties"]
                assert set(resource.properties) <= set(allowed), resource.path


def test_the_data_of_an_endpoint_is_its_own_use_case_s(bench: Mapping[str, Stand]) -> None:
    statements = {each["Sid"]: each for each in bench["ServingData"].policy()["Statement"]}
    read, written = statements["ReadReleasedModels"], statements["KeepCapturedData"]
    own = "/${aws:PrincipalTag/govml-use-case}/"
    assert [each.partition(own)[2] for each in read["Resource"]] == ["released/*", "batch/input/*"]
    assert [each.partition(own)[2] for each in written["Resource"]] == ["capture/*", "batch/output/*"]
    assert read["Action"] == ["s3:GetObject"]
    assert set(statements["UseZoneKey"]["Condition"]["StringEquals"]) == {"kms:ViaService"}
    found = statements["FindBatchFiles"]["Condition"]["StringLike"]["s3:prefix"]
    assert found == f"{own.removeprefix('/')}batch/input/*"


class TestBatch:
    def test_it_exists_with_the_live_model_only(self, bench: Mapping[str, Stand]) -> None:
        pipeline = bench["Batch"].one("AWS::SageMaker::Pipeline")
        model = bench["Live"].one(MODEL)
        assert pipeline.body["Condition"] == model.body["Condition"] == "HasRelease"
        assert model.name in str(pipeline.properties["PipelineDefinition"])

    def test_its_step_is_a_request_that_sagemaker_takes(self) -> None:
        made = definition(instance_type="ml.m5.large", instances=2, disks_take_a_key=True)
        (step,) = made["Steps"]
        shapes = botocore.session.get_session().get_service_model("sagemaker")
        shape = shapes.operation_model("CreateTransformJob").input_shape
        arguments = json.loads(json.dumps(step["Arguments"]).replace('{"Get": "Parameters.InputUri"}', '"s3://a/b"'))
        arguments["TransformOutput"]["S3OutputPath"] = "s3://a/c"
        report = botocore.validate.ParamValidator().validate({"TransformJobName": "x", **arguments}, shape)
        assert not report.has_errors(), report.generate_report()

    def test_disks_and_answers_are_encrypted(self) -> None:
        arguments = definition(instance_type="ml.m5.large", instances=1, disks_take_a_key=True)["Steps"][0]["Arguments"]
        assert arguments["TransformResources"]["VolumeKmsKeyId"] == "${KeyArn}"
        assert arguments["TransformOutput"]["KmsKeyId"] == "${KeyArn}"
        local = definition(instance_type="ml.g4dn.xlarge", instances=1, disks_take_a_key=False)["Steps"][0]["Arguments"]
        assert "VolumeKmsKeyId" not in local["TransformResources"]

    def test_its_role_starts_protected_transforms_and_nothing_else(self, bench: Mapping[str, Stand]) -> None:
        role = Identity(bench["Batch"].one("AWS::IAM::Role"), bench["Batch"].template.all())
        job = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:transform-job/pipelines-1a2b-Transform"
        assert role.may("sagemaker:CreateTransformJob", job, {"sagemaker:VolumeKmsKey": KEY})
        assert not role.may("sagemaker:CreateTransformJob", job)
        assert not role.may(
            "sagemaker:CreateTransformJob", job.replace("pipelines-", "mine-"), {"sagemaker:VolumeKmsKey": KEY}
        )
        for action in ("CreateTrainingJob", "UpdateEndpoint", "CreateModel"):
            assert not role.may(f"sagemaker:{action}", "*")
