"""Right-sizing: the judgement by itself, and the whole way from an account's figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from govml.cli.cost import cost
from govml.cost.advice.instances import instances
from govml.cost.advice.observed import Observed
from govml.cost.advice.right_size import RightSizer
from govml.cost.prices import load_prices
from govml.errors import UserError

CONFIG = str(Path(__file__).resolve().parents[2] / "config" / "sandbox.yaml")
REGION = "ap-southeast-1"
SIZER = RightSizer(load_prices(), REGION)
ROLE = "arn:aws:iam::123456789012:role/job"
SEEN = Observed(
    subject="endpoint serve, variant live",
    place="use_cases.serve.endpoint",
    instance_type="ml.m5.2xlarge",
    count=2,
    least_count=2,
    hours=Decimal(730),
    peak_cpu_percent=Decimal(60),  # of 800
    peak_memory_percent=Decimal(10),  # of 32 GiB
    calls=Decimal(1000),
)


def test_what_is_too_large_becomes_the_cheapest_that_holds_the_peak_with_headroom() -> None:
    found = SIZER.advise(SEEN)  # 1.2 cores in all, 3.2 GiB each: of c5.large (4 GiB) exactly the 80 % that may be full
    assert (found.verdict, found.instance_type, found.count) == ("too large", "ml.c5.large", 2)
    assert found.saving_usd == 2 * 730 * (Decimal("0.576") - Decimal("0.1176"))


def test_memory_of_each_instance_decides_as_each_holds_the_model() -> None:
    found = SIZER.advise(replace(SEEN, peak_memory_percent=Decimal(11)))  # 3.5 GiB of 4 leaves too little
    assert (found.instance_type, found.count) == ("ml.m5.large", 2)


def test_what_is_too_small_costs_more() -> None:
    found = SIZER.advise(replace(SEEN, instance_type="ml.m5.large", peak_cpu_percent=Decimal(190)))
    assert (found.verdict, found.instance_type, found.count) == ("too small", "ml.c5.large", 3)  # 3.8 cores of 4.8
    assert found.saving_usd == 730 * (2 * Decimal("0.144") - 3 * Decimal("0.1176"))


def test_what_fits_stays() -> None:
    found = SIZER.advise(
        replace(SEEN, instance_type="ml.c5.large", peak_cpu_percent=Decimal(120), peak_memory_percent=Decimal(70))
    )
    assert (found.verdict, found.instance_type, found.count, found.saving_usd) == ("fits", "ml.c5.large", 2, 0)


@pytest.mark.parametrize(
    ("changed", "verdict", "why"),
    [
        ({"calls": Decimal(0)}, "idle", "nobody called it"),
        ({"peak_cpu_percent": None}, "no figures", "no figures"),
        ({"peak_memory_percent": None}, "no figures", "no figures"),
        ({"instance_type": "ml.p9.huge"}, "not known", "not among the sizes"),
        ({"instance_type": "ml.g4dn.xlarge"}, "not known", "accelerators"),
        ({"instance_type": "ml.r5.2xlarge", "peak_memory_percent": Decimal(95)}, "too small", "more than any type"),
    ],
)
def test_what_cannot_be_sized_is_said(changed: dict[str, Any], verdict: str, why: str) -> None:
    found = SIZER.advise(replace(SEEN, **changed))
    assert found.verdict == verdict
    assert why in found.why


def test_a_burstable_type_is_advised_only_to_who_has_one() -> None:
    small = {"peak_cpu_percent": Decimal(10), "peak_memory_percent": Decimal(5)}
    assert SIZER.advise(replace(SEEN, **small)).instance_type == "ml.c5.large"
    assert SIZER.advise(replace(SEEN, instance_type="ml.t3.xlarge", **small)).instance_type == "ml.t3.medium"


@given(
    st.sampled_from([name for name, each in instances().items() if not each.gpus]),
    st.integers(1, 6),
    st.integers(1, 1600),
    st.integers(1, 100),
)
@settings(max_examples=150, deadline=None)
def test_the_advised_instances_hold_the_peak(name: str, count: int, cpu: int, memory: int) -> None:
    now = instances()[name]
    cpu = min(cpu, now.vcpus * 100)
    seen = replace(
        SEEN,
        instance_type=name,
        count=count,
        least_count=min(count, 2),
        peak_cpu_percent=Decimal(cpu),
        peak_memory_percent=Decimal(memory),
    )
    found = SIZER.advise(seen)
    chosen = instances()[found.instance_type]
    if found.verdict in ("too large", "fits"):
        assert Decimal(cpu) / 100 * count <= chosen.vcpus * found.count * Decimal("0.8")
        assert Decimal(memory) / 100 * now.memory_gib <= chosen.memory_gib * Decimal("0.8")
        assert found.saving_usd >= 0
    assert found.count >= seen.least_count


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.Session(region_name=REGION)


def _put(account: Any, namespace: str, dimensions: dict[str, str], **values: float) -> None:
    account.client("cloudwatch").put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": each} for key, each in dimensions.items()],
                "Timestamp": datetime.now(UTC) - timedelta(hours=3),
                "Value": value,
            }
            for name, value in values.items()
        ],
    )


def _endpoint(account: Any, name: str, instance_type: str, count: int) -> None:
    client = account.client("sagemaker")
    client.create_model(ModelName=name, PrimaryContainer={"Image": "image"}, ExecutionRoleArn=ROLE)
    variant = {"VariantName": "live", "ModelName": name, "InstanceType": instance_type, "InitialInstanceCount": count}
    client.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[{**variant, "InitialVariantWeight": 1.0}]
    )
    client.create_endpoint(EndpointName=name, EndpointConfigName=name)


def _training(account: Any, name: str, tags: dict[str, str]) -> None:
    account.client("sagemaker").create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://out"},
        ResourceConfig={"InstanceType": "ml.m5.4xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


TAGS = {"Project-Code": "GOVML-SANDBOX", "Environment": "dev", "govml-use-case": "hdb-resale"}


def test_an_endpoint_that_idles_at_a_tenth_of_its_cores_is_advised_smaller(account: Any) -> None:
    _endpoint(account, "sandbox-dev-hdb-resale", "ml.m5.2xlarge", 2)
    _endpoint(account, "somebody-else-s", "ml.m5.2xlarge", 2)
    dimensions = {"EndpointName": "sandbox-dev-hdb-resale", "VariantName": "live"}
    _put(account, "/aws/sagemaker/Endpoints", dimensions, CPUUtilization=60, MemoryUtilization=10)
    _put(account, "AWS/SageMaker", dimensions, Invocations=5000)
    done = CliRunner().invoke(cost, ["advise", "--config", CONFIG, "--json"], catch_exceptions=False)
    (found,) = json.loads(done.output)
    assert (found["verdict"], found["advised_instance_type"], found["advised_count"]) == ("too large", "ml.c5.large", 2)
    assert found["place"] == "use_cases.hdb_resale.endpoint"
    assert found["saving_usd"] == pytest.approx(2 * 730 * (0.576 - 0.1176))
    assert found["calls"] == 5000


def test_an_endpoint_that_nobody_calls_is_told_as_idle(account: Any) -> None:
    _endpoint(account, "sandbox-dev-hdb-resale", "ml.m5.large", 1)
    done = CliRunner().invoke(cost, ["advise", "--config", CONFIG], catch_exceptions=False)
    assert "variant live: idle" in done.output
    assert "saves 108.27 US dollars a month" in done.output  # 0.144 x 730 h, with 3 %


def test_jobs_of_the_environment_are_judged_by_their_busiest_step(account: Any) -> None:
    for name, tags, cpu in (
        ("pipelines-abc123-Prepare-xyz", TAGS, 40),
        ("pipelines-abc123-Train-xyz", TAGS, 300),
        ("pipelines-abc123-Other-xyz", {**TAGS, "Environment": "prod"}, 1500),
        ("not-of-a-pipeline", TAGS, 1500),
    ):
        _training(account, name, tags)
        host = {"Host": f"{name}/algo-1"}
        _put(account, "/aws/sagemaker/TrainingJobs", host, CPUUtilization=cpu, MemoryUtilization=9)
    done = CliRunner().invoke(cost, ["advise", "--config", CONFIG, "--json"], catch_exceptions=False)
    (found,) = json.loads(done.output)
    assert (found["subject"], found["busiest"]) == ("2 jobs of hdb_resale", "Train")
    assert found["peak_cpu_percent"] == 300
    assert found["advised_instance_type"] == "ml.c5.xlarge"  # 3.0 of 3.2 cores and 5.8 of 6.4 GiB that may be full
    assert found["place"] == "use_cases.hdb_resale.instance_type"


def test_nothing_found_is_said(account: Any) -> None:
    done = CliRunner().invoke(cost, ["advise", "--config", CONFIG], catch_exceptions=False)
    assert "no endpoint and no job of the last 14 days carries the tags" in done.output


def test_a_refused_call_is_told(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govml.cost.advice.account.observed_endpoints", _refuse)
    with pytest.raises(UserError, match="the account refuses"):
        CliRunner().invoke(cost, ["advise", "--config", CONFIG], catch_exceptions=False)


def _refuse(*_: object) -> Any:
    client = boto3.client("sagemaker", region_name=REGION)
    return client.describe_endpoint(EndpointName="missing")
