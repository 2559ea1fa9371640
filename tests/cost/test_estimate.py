"""Estimates against sums made by hand, from the shipped prices of Singapore."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cost_plans import resource, stack, usd

from govml.cost.estimate import Estimate, estimate
from govml.cost.prices import PriceTable
from govml.cost.usage import Usage, load_usage

Reckon = Callable[..., Estimate]
SUBNETS = ["subnet-a", "subnet-b", "subnet-c"]
INTERFACE = resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=SUBNETS)
METRICS = [{"Id": "a", "MetricStat": {}}, {"Id": "b", "MetricStat": {}}, {"Id": "rate", "Expression": "a/b"}]
BAND = [{"Id": "a", "MetricStat": {}}, {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(a, 2)"}]

STANDING: list[tuple[dict[str, Any], str]] = [
    (INTERFACE, "28.47"),  # 3 zones x 0.013 x 730 h
    (resource("EC2::VPCEndpoint", VpcEndpointType="Gateway"), "0"),
    (resource("EC2::VPCEndpoint"), "0"),  # CloudFormation's default is a gateway
    (resource("EC2::NatGateway"), "43.07"),  # 0.059 x 730 h
    (resource("EC2::EIP"), "3.65"),
    (resource("NetworkFirewall::Firewall", SubnetMappings=[{}, {}]), "576.70"),  # 2 x 0.395 x 730 h
    (resource("KMS::Key"), "1.00"),
    (resource("SecretsManager::Secret"), "0.40"),
    (resource("CloudWatch::Alarm", MetricName="x"), "0.10"),
    (resource("CloudWatch::Alarm", Metrics=METRICS), "0.20"),  # it reads two metrics
    (resource("CloudWatch::Alarm", Metrics=BAND), "0.30"),
    (resource("SageMaker::MlflowTrackingServer", TrackingServerSize="Small"), "468.66"),
    (resource("RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": 0.5}), "73.00"),  # 0.5 x 0.20 x 730 h
    (resource("RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": 0}), "0"),
    (resource("RDS::DBInstance", DBInstanceClass="db.serverless"), "0"),
    (
        resource(
            "OpenSearchServerless::CollectionGroup",
            CapacityLimits={"MinIndexingCapacityInOcu": 1, "MinSearchCapacityInOcu": 1},
        ),
        "420.48",  # 2 x 0.288 x 730 h
    ),
    (resource("RedshiftServerless::Workgroup", BaseCapacity=8), "0"),
    (resource("CodePipeline::Pipeline", PipelineType="V2"), "0"),
    (resource("CodePipeline::Pipeline"), "1.00"),
    (resource("SSM::Parameter", Type="String"), "0"),
    (resource("SSM::Parameter", Type="String", Tier="Advanced"), "0.05"),
    (resource("IAM::Role"), "0"),
    ({"Type": "Custom::Anything"}, "0"),
]


@pytest.mark.parametrize(("body", "expected"), STANDING, ids=[f"{i}-{b['Type']}" for i, (b, _) in enumerate(STANDING)])
def test_what_stands_costs_what_the_list_says(reckon: Reckon, body: dict[str, Any], expected: str) -> None:
    found = reckon({"One": body})
    assert found.unpriced == ()
    assert found.idle_usd == usd(expected)


def test_a_unit_costs_the_price_of_one_however_many_resources_share_it(reckon: Reckon) -> None:
    found = reckon({name: resource("S3::Bucket") for name in "ABC"})
    meter = found.meters()["GB stored in S3 a month"]
    assert (meter.usd, meter.resources, meter.sure) == (usd("0.025"), 3, True)
    assert found.idle_usd == 0


def test_an_hour_of_queries_is_paid_by_the_base_capacity(reckon: Reckon) -> None:
    found = reckon({"Small": resource("RedshiftServerless::Workgroup", BaseCapacity=8)})
    assert found.meters()["hour of queries"].usd == usd("3.60")


def _pipeline(body: object) -> dict[str, Any]:
    return resource("SageMaker::Pipeline", PipelineName="train", PipelineDefinition={"PipelineDefinitionBody": body})


def _job(kind: str, instance: object, count: object = 1, seconds: int = 3600, disk: int = 0) -> dict[str, Any]:
    cluster = {"InstanceType": instance, "InstanceCount": count, "VolumeSizeInGB": disk}
    key = {"Processing": {"ProcessingResources": {"ClusterConfig": cluster}}, "Training": {"ResourceConfig": cluster}}
    return {
        "Name": kind,
        "Type": kind,
        "Arguments": {**key[kind], "StoppingCondition": {"MaxRuntimeInSeconds": seconds}},
    }


def test_a_run_is_the_sum_of_its_jobs_for_as_long_as_assumed_and_at_most_as_long_as_allowed(reckon: Reckon) -> None:
    tuning = {
        "Name": "Tune",
        "Type": "Tuning",
        "Arguments": {
            "HyperParameterTuningJobConfig": {
                "ResourceLimits": {"MaxNumberOfTrainingJobs": {"Get": "Parameters.Trials"}}
            },
            "TrainingJobDefinition": _job("Training", "ml.m5.xlarge")["Arguments"],
        },
    }
    gate = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"IfSteps": [_job("Processing", "ml.m5.large")], "ElseSteps": []},
    }
    definition = {
        "Parameters": [{"Name": "Trials", "DefaultValue": 3}, {"Name": "Type", "DefaultValue": "ml.m5.large"}],
        "Steps": [_job("Training", {"Get": "Parameters.Type"}, count=2, seconds=7200), tuning, gate],
    }
    meter = reckon({"Train": _pipeline({"Fn::Sub": [json.dumps(definition), {}]})}).meters()["run of train"]
    # instance-hours of ml.m5.large: 2 + 1, of ml.m5.xlarge: 3 trials; five minutes each, at most two and one hours
    assert meter.usd == pytest.approx((3 * usd("0.144") + 3 * usd("0.288")) / 12)
    assert meter.at_most_usd == pytest.approx(4 * usd("0.144") + 1 * usd("0.144") + 3 * usd("0.288"))
    assert not meter.sure


def test_the_disk_of_a_job_is_paid_for_as_long_as_it_runs(reckon: Reckon) -> None:
    definition = {"Steps": [_job("Training", "ml.m5.large", disk=730)]}
    meter = reckon({"Train": _pipeline(json.dumps(definition))}).meters()["run of train"]
    assert meter.at_most_usd == pytest.approx(usd("0.144") + usd("0.168"))


ENDPOINT = resource(
    "SageMaker::Endpoint", EndpointName="serve", EndpointConfigName={"Fn::GetAtt": ["Config", "EndpointConfigName"]}
)
TWO = {"VariantName": "live", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
SHADOW = {"VariantName": "shadow", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


def test_the_instances_of_an_endpoint_stand_and_those_of_its_shadow_too(reckon: Reckon) -> None:
    config = resource("SageMaker::EndpointConfig", ProductionVariants=[TWO], ShadowProductionVariants=[SHADOW])
    found = reckon({"Endpoint": ENDPOINT, "Config": config})
    assert found.idle_usd == usd("315.36")  # 3 x 0.144 x 730 h
    assert found.idle_by(lambda line: line.resource_type)["AWS::SageMaker::Endpoint"] == usd("315.36")


def test_a_prediction_moves_data_writes_logs_and_is_captured(reckon: Reckon) -> None:
    capture = {"EnableCapture": True, "InitialSamplingPercentage": 50}
    config = resource("SageMaker::EndpointConfig", ProductionVariants=[TWO], DataCaptureConfig=capture)
    meters = reckon({"Endpoint": ENDPOINT, "Config": config}).meters()
    # 2 MB moved x 0.016, 0.5 MB logged x 0.70, half of the 2 MB kept x 0.025
    assert meters["1,000 predictions of serve"].usd == usd("0.000032") + usd("0.00035") + usd("0.000025")
    full = meters["1,000 predictions of serve (live), instance busy"]
    assert full.usd == pytest.approx(usd("0.144") / 180)  # 50 a second are 180,000 an hour


def test_scaling_decides_how_many_instances_stand(reckon: Reckon) -> None:
    target = resource(
        "ApplicationAutoScaling::ScalableTarget",
        ServiceNamespace="sagemaker",
        MinCapacity=0,
        ResourceId={"Fn::Join": ["", ["endpoint/", "serve", "/variant/live"]]},
    )
    config = resource("SageMaker::EndpointConfig", ProductionVariants=[TWO])
    assert reckon({"Endpoint": ENDPOINT, "Config": config, "Target": target}).idle_usd == 0


def test_a_serverless_endpoint_computes_by_the_request_only(reckon: Reckon) -> None:
    variant = {"VariantName": "live", "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    found = reckon(
        {"Endpoint": ENDPOINT, "Config": resource("SageMaker::EndpointConfig", ProductionVariants=[variant])}
    )
    assert found.idle_usd == 0
    # 1,000 calls x 20 ms x 2 GB are 40 GB-seconds
    assert found.meters()["1,000 predictions of serve"].usd == usd("0.04") * usd("0.024") + usd("0.000032") + usd(
        "0.00035"
    )


def test_what_a_condition_and_parameters_leave_open_is_counted_in_full(reckon: Reckon) -> None:
    variants = {"Fn::If": ["HasChallenger", [TWO, SHADOW], [TWO]]}
    config = {**resource("SageMaker::EndpointConfig", ProductionVariants=variants), "Condition": "HasLive"}
    endpoint = {**ENDPOINT, "Condition": "HasLive"}
    found = reckon({"Endpoint": endpoint, "Config": config}, Parameters={"N": {"Default": "2"}})
    assert found.idle_usd == usd("315.36")
    assert {line.condition for line in found.standing if line.usd} == {"HasLive"}


UNKNOWN: list[tuple[dict[str, Any], str]] = [
    (resource("Neptune::DBCluster"), "the price table has no row for it"),
    (
        resource("SageMaker::MlflowTrackingServer", TrackingServerSize="Large"),
        "no row for AWS::SageMaker::MlflowTracking",
    ),
    (resource("RDS::DBInstance", DBInstanceClass="db.r6g.large"), "no row for AWS::RDS::DBInstance db.r6g.large"),
    (resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds={"Ref": "Subnets"}), "at deployment only"),
    (ENDPOINT, "its configuration is not in the same template"),
    (_pipeline({"Fn::ImportValue": "x"}), "its definition does not stand in the template"),
    (_pipeline("no json"), "its definition does not stand in the template"),
    (_pipeline(json.dumps({"Steps": [_job("Training", "ml.p9.huge")]})), "no row for SageMaker instance ml.p9.huge"),
]


@pytest.mark.parametrize(("body", "reason"), UNKNOWN)
def test_what_has_no_price_is_listed_and_not_taken_for_free(reckon: Reckon, body: dict[str, Any], reason: str) -> None:
    found = reckon({"Odd": body, "Key": resource("KMS::Key")})
    (listed,) = found.unpriced
    assert (listed.logical_id, listed.resource_type) == ("Odd", body["Type"])
    assert reason in listed.reason
    assert not [line for line in found.lines if line.logical_id == "Odd"]
    assert found.idle_usd == 1


def test_prices_of_one_region_are_not_used_in_another(prices: PriceTable, usage: Usage) -> None:
    found = estimate(
        [stack("Stack", {"Key": resource("KMS::Key"), "Role": resource("IAM::Role")}, region="eu-west-1")],
        prices,
        usage,
    )
    assert [each.reason for each in found.unpriced] == ["the price table has no row for it in eu-west-1"]


def test_a_month_adds_the_assumed_use(reckon: Reckon, prices: PriceTable, tmp_path: Any) -> None:
    path = tmp_path / "usage.toml"
    path.write_text('[month]\n"GB stored in S3 a month" = 40\n"hour of queries" = 3\n')
    stacks = [stack("Stack", {"Key": resource("KMS::Key"), "Bucket": resource("S3::Bucket")})]
    assert estimate(stacks, prices, load_usage(path)).month_usd() == usd("2.00")  # 1.00 + 40 x 0.025
    assert reckon({}).month_usd() is None
