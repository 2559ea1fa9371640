"""`ModelMonitor`: it exists with the endpoint, its jobs are protected, and what they find goes where drift goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand

from govml.cost.prices import load_prices
from govml.cost.quantities import COUNTERS
from govml.cost.template_values import Template
from govml.cost.usage import load_usage
from govml.release.account import RESOURCE_TYPES
from govml.rules.themes import service_lifecycle
from govml.settings import lifecycle
from govml_constructs.release.release_statements import UPDATED_TYPES

DEFINITION, SCHEDULE = "AWS::SageMaker::DataQualityJobDefinition", "AWS::SageMaker::MonitoringSchedule"


@pytest.fixture
def quality(bench: Mapping[str, Stand]) -> Stand:
    return bench["Quality"]


@pytest.fixture
def definition(quality: Stand) -> dict[str, Any]:
    properties: dict[str, Any] = quality.one(DEFINITION).properties
    return properties


def test_it_comes_with_the_first_live_model_and_by_a_release(quality: Stand) -> None:
    for kind in (DEFINITION, SCHEDULE):
        body = quality.template.body["Resources"][quality.one(kind).logical_id]
        assert body["Condition"] == "HasRelease"
        assert kind in RESOURCE_TYPES
        assert kind in UPDATED_TYPES


def test_a_definition_can_be_replaced_and_its_schedule_follows(quality: Stand, definition: dict[str, Any]) -> None:
    assert "JobDefinitionName" not in definition
    config = quality.one(SCHEDULE).properties["MonitoringScheduleConfig"]
    assert config["MonitoringJobDefinitionName"] == quality.one(DEFINITION).name
    assert config["MonitoringType"] == "DataQuality"


def test_jobs_are_protected_and_end(definition: dict[str, Any]) -> None:
    network, cluster = definition["NetworkConfig"], definition["JobResources"]["ClusterConfig"]
    assert network["EnableNetworkIsolation"] is True
    assert network["EnableInterContainerTrafficEncryption"] is True
    assert network["VpcConfig"]["Subnets"]
    assert cluster["VolumeKmsKeyId"] == definition["DataQualityJobOutputConfig"]["KmsKeyId"]
    assert definition["StoppingCondition"]["MaxRuntimeInSeconds"] < 3600


def test_it_compares_the_endpoint_with_the_named_baseline_and_publishes_metrics(definition: dict[str, Any]) -> None:
    baseline = json.dumps(definition["DataQualityBaselineConfig"])
    assert "hdb-resale/model-monitor/statistics.json" in baseline
    assert "hdb-resale/model-monitor/constraints.json" in baseline
    assert definition["DataQualityJobInput"]["EndpointInput"]["EndpointName"] == "bench-dev-hdb-resale"
    application = definition["DataQualityAppSpecification"]
    assert application["Environment"] == {"publish_cloudwatch_metrics": "Enabled"}
    assert "sagemaker-model-monitor-analyzer" in json.dumps(application["ImageUri"])


def test_a_job_is_priced_by_its_instance(definition: dict[str, Any]) -> None:
    uses = list(COUNTERS[DEFINITION]("Definition", definition, Template({}, "ap-southeast-1"), load_usage(None)))
    assert [use.item for use in uses] == ["ml.m5.xlarge", "GB-month"]
    assert {use.meter for use in uses} == {"job of Model Monitor on bench-dev-hdb-resale"}
    assert uses[0].at_most is not None
    assert uses[0].at_most > uses[0].quantity
    assert any(price.item == "ml.m5.xlarge" for price in load_prices())


def test_the_notice_says_what_the_rule_on_closed_services_says() -> None:
    row = service_lifecycle._closed()[SCHEDULE]
    assert (row.closed, row.source) == (lifecycle.MODEL_MONITOR_CLOSED, lifecycle.MODEL_MONITOR_SOURCE)
