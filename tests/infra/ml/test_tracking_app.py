"""`TrackingApp`: runs are written to this app only, and models are registered by the pipeline alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity


@pytest.fixture
def job(bench: Mapping[str, Stand]) -> Identity:
    (role,) = [each for each in bench["Roles"].all("AWS::IAM::Role") if "/Job/" in each.path]
    return Identity(role, bench["Roles"].template.all())


def test_mlflow_registers_no_model_by_itself(bench: Mapping[str, Stand]) -> None:
    properties = bench["Tracking"].one("AWS::SageMaker::MlflowApp").properties
    assert properties["ModelRegistrationMode"] == "AutoModelRegistrationDisabled"


def test_artefacts_go_to_the_given_place_with_the_given_role(bench: Mapping[str, Stand]) -> None:
    properties = bench["Tracking"].one("AWS::SageMaker::MlflowApp").properties
    assert properties["ArtifactStoreUri"] == "s3://artifacts/mlflow"
    assert properties["RoleArn"] == bench["ServiceRole"].one("AWS::IAM::Role").arn


def test_runs_outlive_the_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["Tracking"].one("AWS::SageMaker::MlflowApp").kept()


def test_a_job_writes_runs_into_this_app_only(bench: Mapping[str, Stand], job: Identity) -> None:
    app = bench["Tracking"].one("AWS::SageMaker::MlflowApp").arn
    for action in ("sagemaker-mlflow:CreateRun", "sagemaker-mlflow:LogMetric", "sagemaker:CallMlflowAppApi"):
        assert job.may(action, app)
        assert not job.may(action, f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/other")


@pytest.mark.parametrize("action", ["DeleteRun", "DeleteExperiment", "CreateRegisteredModel", "DeleteTag"])
def test_a_job_rewrites_no_history_and_registers_no_model(
    bench: Mapping[str, Stand], job: Identity, action: str
) -> None:
    assert not job.may(f"sagemaker-mlflow:{action}", bench["Tracking"].one("AWS::SageMaker::MlflowApp").arn)
