"""Pipeline, registry, Studio and their surroundings in the deployed sandbox, read back with boto3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deployed_resources import Resource, of_type

from govml.local import Connection
from govml.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.local_account


@pytest.fixture(scope="session")
def sagemaker(local_account: Connection) -> Any:
    return local_account.client("sagemaker")


@pytest.fixture(scope="session")
def steps(sagemaker: Any, prefix: str) -> list[dict[str, Any]]:
    answer = sagemaker.describe_pipeline(PipelineName=f"{prefix}-hdb-resale")
    assert "${" not in answer["PipelineDefinition"]
    steps: list[dict[str, Any]] = json.loads(answer["PipelineDefinition"])["Steps"]
    for step in list(steps):
        if step["Type"] == "Condition":
            steps += step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"]
    return steps


def test_every_job_runs_in_the_vpc_under_our_key_and_talks_encrypted(
    steps: list[dict[str, Any]], keys: dict[str, str], found: list[Resource]
) -> None:
    jobs = [step for step in steps if step["Type"] in ("Processing", "Training")]
    assert len(jobs) >= 5
    subnets = set(of_type(found, "EC2::Subnet"))
    for step in jobs:
        arguments = step["Arguments"]
        network = arguments.get("NetworkConfig", arguments)
        cluster = arguments.get("ProcessingResources", {}).get("ClusterConfig") or arguments["ResourceConfig"]
        output = arguments.get("ProcessingOutputConfig") or arguments["OutputDataConfig"]
        assert network["EnableInterContainerTrafficEncryption"] is True
        assert set(network["VpcConfig"]["Subnets"]) == subnets
        assert cluster["VolumeKmsKeyId"] in keys.values()
        assert output["KmsKeyId"] in keys.values()
        assert network.get("EnableNetworkIsolation") is (step["Name"] != "Track")


def test_the_registry_group_is_empty_and_waits_for_approval(
    sagemaker: Any, prefix: str, steps: list[dict[str, Any]]
) -> None:
    name = f"{prefix}-hdb-resale"
    group = sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    assert group["ModelPackageGroupStatus"] == "Completed"
    assert any(step["Type"] == "RegisterModel" for step in steps)


def test_schedules_start_training_and_features_under_our_key(
    local_account: Connection, found: list[Resource], keys: dict[str, str], settings: Settings, prefix: str
) -> None:
    client = local_account.client("scheduler")
    names = [each.rpartition("|")[2] for each in of_type(found, "Scheduler::Schedule")]
    schedules = {
        each["Target"]["Arn"].rpartition("/")[2]: each for each in (client.get_schedule(Name=n) for n in names)
    }
    features = schedules[f"{prefix}-hdb-resale-features"]
    assert features["ScheduleExpression"] == settings.use_cases["hdb_resale"].schedule
    assert {each["KmsKeyArn"] for each in schedules.values()} <= set(keys.values())
    asked = [
        (json.loads(each["Target"]["Input"]), each["ScheduleExpression"])
        for each in (client.get_schedule(Name=n) for n in names)
        if each["Target"]["Arn"].endswith(f":{prefix}-retraining")
    ]
    use_case = settings.use_cases["hdb_resale"]
    assert {message["retrain"] for message, when in asked if when == use_case.schedule} == {"hdb-resale"}
    assert {message["look"] for message, when in asked if when == use_case.monitoring.schedule} == {"hdb-resale"}


def test_studio_stays_in_the_vpc_under_our_key(sagemaker: Any, found: list[Resource], keys: dict[str, str]) -> None:
    (domain_id,) = of_type(found, "SageMaker::Domain")
    domain = sagemaker.describe_domain(DomainId=domain_id)
    assert domain["AppNetworkAccessType"] == "VpcOnly"
    assert any(arn.endswith(domain["KmsKeyId"]) for arn in keys.values())
    assert domain["VpcId"] == of_type(found, "EC2::VPC")[0]


def test_the_tracking_app_stores_in_the_artefact_zone(sagemaker: Any, found: list[Resource]) -> None:
    (arn,) = of_type(found, "SageMaker::MlflowApp")
    store = sagemaker.describe_mlflow_app(Arn=arn)["ArtifactStoreUri"]
    assert store.split("/")[2] in of_type(found, "S3::Bucket")


def test_images_are_immutable_scanned_and_encrypted(
    local_account: Connection, found: list[Resource], keys: dict[str, str]
) -> None:
    names = of_type(found, "ECR::Repository")
    for repository in local_account.client("ecr").describe_repositories(repositoryNames=names)["repositories"]:
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["imageScanningConfiguration"]["scanOnPush"]
        assert repository["encryptionConfiguration"]["kmsKey"] in keys.values()


def test_queries_are_held_to_encrypted_results(
    local_account: Connection, found: list[Resource], keys: dict[str, str]
) -> None:
    names = of_type(found, "Athena::WorkGroup")
    assert len(names) == 2
    for name in names:
        configuration = local_account.client("athena").get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]
        encryption = configuration["ResultConfiguration"]["EncryptionConfiguration"]
        assert configuration["EnforceWorkGroupConfiguration"]
        assert (encryption["EncryptionOption"], encryption["KmsKey"] in keys.values()) == ("SSE_KMS", True)


def test_feature_groups_are_those_that_the_code_declares(
    sagemaker: Any, prefix: str, keys: dict[str, str], found: list[Resource]
) -> None:
    declared = json.loads((REPOSITORY / "pipeline_code/usecases/hdb_resale/feature_groups.json").read_text())["groups"]
    assert len(declared) == len(of_type(found, "SageMaker::FeatureGroup"))
    for group in declared:
        name = f"{prefix}-hdb-resale-{group['name'].replace('_', '-')}-v{group['version']}"
        told = sagemaker.describe_feature_group(FeatureGroupName=name)
        assert [(each["FeatureName"], each["FeatureType"]) for each in told["FeatureDefinitions"]] == [
            (each["name"], each["type"]) for each in group["features"]
        ]
        offline = told["OfflineStoreConfig"]
        assert (offline["TableFormat"], offline["S3StorageConfig"]["KmsKeyId"]) == ("Iceberg", keys[f"{prefix}-data"])
        assert offline["DataCatalogConfig"]["TableName"] == f"hdb_resale_{group['name']}_v{group['version']}"
