"""The pipeline definition as it stands in the sandbox's template: filled, protected, and within its roles' reach."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cfn_templates import Deployment, Resource
from identities import Identity

REGISTRY = "AWS::SageMaker::ModelPackageGroup"
WITHOUT_JOB = {"Condition", "RegisterModel", "Model", "Fail"}


def training_pipelines(deployment: Deployment) -> list[Resource]:
    return [each for each in deployment.resources("AWS::SageMaker::Pipeline") if "/Training/" in each.path]


@pytest.fixture(scope="module")
def pipeline(sandbox: Deployment) -> dict[str, Any]:
    (resource,) = training_pipelines(sandbox)
    return resource.properties


@pytest.fixture(scope="module")
def definition(pipeline: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(pipeline["PipelineDefinition"]["PipelineDefinitionBody"])
    return body


def steps(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every step, those inside conditions included."""
    waiting = list(definition["Steps"])
    while waiting:
        step = waiting.pop(0)
        yield step
        waiting += [*step["Arguments"].get("IfSteps", []), *step["Arguments"].get("ElseSteps", [])]


def jobs(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return, of every step that starts a job, what protects it, in one form for all kinds of jobs."""
    found = {}
    for step in steps(definition):
        arguments = step["Arguments"]
        if step["Type"] == "Processing":
            network = arguments["NetworkConfig"]
            volume = arguments["ProcessingResources"]["ClusterConfig"].get("VolumeKmsKeyId")
            output = arguments["ProcessingOutputConfig"].get("KmsKeyId")
        elif step["Type"] in {"Training", "Tuning"}:
            arguments = arguments.get("TrainingJobDefinition", arguments)  # what a search's trials are made of
            network = arguments
            volume = arguments["ResourceConfig"].get("VolumeKmsKeyId")
            output = arguments["OutputDataConfig"].get("KmsKeyId")
        else:
            assert step["Type"] in WITHOUT_JOB, f"no rule for what protects a {step['Type']} step"
            continue
        found[step["Name"]] = {
            "network": network.get("VpcConfig", {}),
            "encrypted traffic": network.get("EnableInterContainerTrafficEncryption", False),
            "isolated": network.get("EnableNetworkIsolation", False),
            "keys": (volume, output),
            "role": arguments["RoleArn"],
        }
    return found


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def test_no_placeholder_is_left(definition: dict[str, Any]) -> None:
    assert [text for text in strings(definition) if "${" in text] == []


def test_all_the_steps_are_there(definition: dict[str, Any]) -> None:
    assert {step["Name"] for step in steps(definition)} >= {
        "Validate",
        "Prepare",
        "Tune",
        "Train",
        "Evaluate",
        "Assess",
        "Track",
    }


def test_every_job_runs_in_the_job_tier_of_the_isolated_subnets(
    sandbox: Deployment, definition: dict[str, Any]
) -> None:
    subnets = {each.name for each in sandbox.resources("AWS::EC2::Subnet")}
    (group,) = [each.name for each in sandbox.resources("AWS::EC2::SecurityGroup") if "/JobTier/" in each.path]
    for name, job in jobs(definition).items():
        assert set(job["network"]["Subnets"]) == subnets, name
        assert job["network"]["SecurityGroupIds"] == [group], name


def test_every_job_encrypts_its_volume_and_its_output_with_the_ml_key(
    sandbox: Deployment, definition: dict[str, Any]
) -> None:
    (key,) = [each.arn for each in sandbox.resources("AWS::KMS::Key") if "/MlKey/" in each.path]
    for name, job in jobs(definition).items():
        assert job["keys"] == (key, key), name


def test_every_job_encrypts_traffic_between_containers(definition: dict[str, Any]) -> None:
    assert [name for name, job in jobs(definition).items() if job["encrypted traffic"] is not True] == []


def test_every_job_but_the_one_that_talks_to_mlflow_is_isolated(definition: dict[str, Any]) -> None:
    assert {name for name, job in jobs(definition).items() if job["isolated"] is not True} == {"Track"}


def test_every_job_runs_as_the_use_case_s_job_role(sandbox: Deployment, definition: dict[str, Any]) -> None:
    roles = sandbox.resources("AWS::IAM::Role")
    (role,) = [each.arn for each in roles if "/UseCase-hdb-resale/Roles/Job/" in each.path]
    assert {job["role"] for job in jobs(definition).values()} == {role}


def test_the_agency_s_thresholds_and_choices_are_the_defaults(shared_account: Deployment) -> None:
    pipelines = training_pipelines(shared_account)
    groups = {each.properties["ModelPackageGroupName"] for each in shared_account.resources(REGISTRY)}
    assert len(pipelines) == len(groups) == 2
    for resource in pipelines:
        body = json.loads(resource.properties["PipelineDefinition"]["PipelineDefinitionBody"])
        defaults = {each["Name"]: each.get("DefaultValue") for each in body["Parameters"]}
        assert defaults["AcceptanceCriteria"] == '{"mae":{"max":31000.0},"mape":{"max":4.5}}'
        tuning = {name: value for name, value in defaults.items() if name.startswith(("Tuning", "Train"))}
        assert tuning == {
            "TrainInstanceCount": 2,
            "TuningStrategy": "Random",
            "TuningTrials": 9,
            "TuningParallelTrials": 3,
        }
        assert defaults["InstanceType"] == "ml.m5.4xlarge"
        groups.remove(defaults["ModelPackageGroupName"])
        assert defaults["ModelApprovalStatus"] == "PendingManualApproval"


def test_the_job_role_reaches_every_place_that_the_definition_names(
    sandbox: Deployment, definition: dict[str, Any]
) -> None:
    (role,) = [each for each in sandbox.resources("AWS::IAM::Role") if "/UseCase-hdb-resale/Roles/Job/" in each.path]
    job = Identity(role, list(sandbox.resources()))
    places = {text.removeprefix("s3://") for text in strings(definition) if text.startswith("s3://")}
    assert len(places) >= 3  # raw data, artefacts, code
    for place in places:
        key = place if place.endswith(".zip") else f"{place.rstrip('/')}/part"
        assert job.may("s3:GetObject", f"arn:aws:s3:::{key}"), place


def test_the_job_role_reaches_the_image_and_the_tracking_app(sandbox: Deployment, definition: dict[str, Any]) -> None:
    (role,) = [each for each in sandbox.resources("AWS::IAM::Role") if "/UseCase-hdb-resale/Roles/Job/" in each.path]
    job = Identity(role, list(sandbox.resources()))
    (repository,) = sandbox.resources("AWS::ECR::Repository")
    (tracking,) = sandbox.resources("AWS::SageMaker::MlflowApp")
    images = {text for text in strings(definition) if ".dkr.ecr." in text}
    assert {re.split(r"[/:]", image)[1] for image in images} == {repository.name}
    assert job.may("ecr:BatchGetImage", repository.arn)
    assert tracking.arn in " ".join(strings(definition))
    assert job.may("sagemaker-mlflow:CreateRun", tracking.arn)


def test_the_pipeline_runs_as_its_own_role_and_passes_the_job_role(
    sandbox: Deployment, pipeline: dict[str, Any]
) -> None:
    found = [each for each in sandbox.resources("AWS::IAM::Role") if "/UseCase-hdb-resale/Roles/" in each.path]
    roles = {each.path.split("/")[3]: each for each in found}
    assert pipeline["RoleArn"] == roles["Pipeline"].arn
    orchestrator = Identity(roles["Pipeline"], list(sandbox.resources()))
    assert orchestrator.may("iam:PassRole", roles["Job"].arn, {"iam:PassedToService": "sagemaker.amazonaws.com"})
    assert not orchestrator.may("sagemaker:UpdateModelPackage", "*")
