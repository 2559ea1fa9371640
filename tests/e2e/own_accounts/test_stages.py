"""One agency file from the first stage of maturity to the third, each deployed over the former: nothing is lost on the way.

The agency has an account of its own beside the sandbox's: some names exist once in an account.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deployed_resources import Resource, resources
from ruamel.yaml import YAML

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.kit import kit
from govml.local import Connection, deployment
from govml.local.bootstrap import bootstrap
from govml.settings import load_settings

pytestmark = pytest.mark.local_account

REPOSITORY = Path(__file__).resolve().parents[3]
ACCOUNT, STACK, ENDPOINT = "210987654321", "starter-dev-Serving-hdb-resale", "starter-dev-hdb-resale"
# What may come anew although nothing was asked of it: it holds nothing.
STATELESS = {"AWS::SNS::Subscription"}


@dataclass(frozen=True)
class Stage:
    """What is deployed after a stage's deployment, and what `cdk diff` said before it."""

    made: dict[tuple[str, str], Resource]
    announced: str
    live: dict[str, Any]


@pytest.fixture(scope="session")
def archive() -> Iterator[Path]:
    """A model of the repository's own, which somebody hands over."""
    path = REPOSITORY / "build" / "handed-over" / "model.tar.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a model that was handed over")
    yield path
    path.unlink()
    path.parent.rmdir()


@pytest.fixture(scope="session")
def agency(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Write the agency file: from stage to stage, its maturity is all that changes."""
    file = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "stage1.yaml")
    file["environments"]["dev"]["account"] = ACCOUNT
    file["use_cases"]["hdb_resale"]["model"] = str(archive.relative_to(REPOSITORY))
    file["use_cases"]["hdb_resale"]["release"] = {"approvers": ["Boss"]}
    file["ai"] = {"models": ["amazon.nova-lite-v1:0"]}
    file["cicd"] = {"repository": "starter/platform"}
    folder = tmp_path_factory.mktemp("stages")

    def write(stage: int) -> Path:
        path = folder / f"stage{stage}.yaml"
        path.write_text(json.dumps({**file, "maturity": f"stage{stage}"}))
        return path

    return write


@pytest.fixture(scope="module")
def starter(
    another_account: Any, agency: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, dict[int, Path]]]:
    """The way into the agency's account, prepared for the last stage, and the assemblies of all three."""
    folder = tmp_path_factory.mktemp("assemblies")
    assemblies = {
        stage: deployment.synthesise(agency(stage), "dev", output=folder / f"stage{stage}") for stage in (1, 2, 3)
    }
    with another_account(tmp_path_factory.mktemp("second-account"), ACCOUNT, "ap-southeast-1") as connection:
        ready = bootstrap(connection, kit(load_settings(agency(3)), read_stacks(assemblies[3]), ["dev"]))
        assert ready.code == 0, ready.log.read_text()
        yield connection, assemblies


def deploy(connection: Connection, assembly: Path, *, over: bool) -> Stage:
    announced = deployment.diff(connection, assembly).log.read_text() if over else ""
    run = deployment.deploy(connection, assembly)
    assert run.code == 0, run.log.read_text()[-5000:]
    found = resources(connection.client("cloudformation"), "starter-dev-")
    sagemaker = connection.client("sagemaker")
    config = sagemaker.describe_endpoint(EndpointName=ENDPOINT)["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    live = sagemaker.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"]
    return Stage({(item.stack, item.logical_id): item for item in found}, announced, live)


@pytest.fixture(scope="module")
def first(starter: Any) -> Stage:
    connection, assemblies = starter
    return deploy(connection, assemblies[1], over=False)


@pytest.fixture(scope="module")
def second(starter: Any, first: Stage) -> Stage:
    connection, assemblies = starter
    return deploy(connection, assemblies[2], over=True)


@pytest.fixture(scope="module")
def third(starter: Any, second: Stage) -> Stage:
    """The last stage, after the first release."""
    connection, assemblies = starter
    release(connection)
    return deploy(connection, assemblies[3], over=False)


def release(connection: Connection) -> None:
    """Change the serving stack's parameters, as a release does."""
    cloudformation, digest = connection.client("cloudformation"), "a" * 64
    given = {
        "LiveModelData": f"s3://artifacts/hdb-resale/released/{digest}/model.tar.gz",
        "LiveModelDigest": digest,
        "LiveImage": f"jobs@sha256:{digest}",
        "LiveVersion": "7",
    }
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    cloudformation.update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": given[key]}
            if key in given
            else {"ParameterKey": key, "UsePreviousValue": True}
            for key in (each["ParameterKey"] for each in stack["Parameters"])
        ],
    )
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600}
    )


def replaced(before: Stage, after: Stage) -> set[str]:
    """Types of which something has another physical id than before, or is gone."""
    lost = {key for key, item in before.made.items() if key not in after.made}
    new = {
        key
        for key in before.made.keys() & after.made.keys()
        if before.made[key].physical_id != after.made[key].physical_id
    }
    return {before.made[key].resource_type for key in lost | new}


def test_the_first_stage_is_one_endpoint_with_the_model_that_was_handed_over(first: Stage, archive: Path) -> None:
    assert {stack for stack, _ in first.made} == {
        f"starter-dev-{name}"
        for name in ["Security", "Network", "Data", "MlPlatform", "Serving-hdb-resale", "Observability"]
    }
    assert first.live["Environment"]["GOVML_MODEL_DIGEST"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert first.live["ModelDataUrl"].endswith(".tar.gz")


def test_the_model_that_is_served_is_the_file(starter: Any, first: Stage, archive: Path) -> None:
    bucket, _, key = first.live["ModelDataUrl"].removeprefix("s3://").partition("/")
    assert starter[0].client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == archive.read_bytes()


def test_the_second_stage_replaces_nothing_and_the_handed_over_model_stays_live(first: Stage, second: Stage) -> None:
    assert replaced(first, second) <= STATELESS
    assert second.live == first.live
    assert {stack for stack, _ in second.made} > {stack for stack, _ in first.made}


def test_the_third_stage_replaces_nothing_and_keeps_what_was_released(second: Stage, third: Stage) -> None:
    assert replaced(second, third) <= STATELESS | {"AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig"}
    assert third.live["Environment"]["GOVML_MODEL_VERSION"] == "7"
    endpoints = [item.physical_id for item in third.made.values() if item.resource_type == "AWS::SageMaker::Endpoint"]
    assert endpoints == [item.physical_id for item in second.made.values() if item.physical_id in endpoints]


def test_the_differences_that_are_shown_before_ask_for_no_replacement(second: Stage) -> None:
    """The emulator says of more properties than the service that their change *may* replace: the ids above tell."""
    assert "Number of stacks with differences" in second.announced
    for word in ("requires replacement", "will be replaced", "will be destroyed", "[-] AWS::"):
        assert word not in second.announced
