"""`TrackingServer`, and the agency file's choice of it: the same duties as the app, through its own ARN."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand
from cfn_templates import ACCOUNT, REGION, Deployment
from identities import Identity

from govml_constructs.ml.tracking_server import TrackingServer

SERVER = "AWS::SageMaker::MlflowTrackingServer"


def test_it_registers_no_model_by_itself(bench: Mapping[str, Stand]) -> None:
    assert bench["TrackingServer"].one(SERVER).properties["AutomaticModelRegistration"] is False


def test_artefacts_go_to_the_given_place_with_the_given_role(bench: Mapping[str, Stand]) -> None:
    properties = bench["TrackingServer"].one(SERVER).properties
    assert properties["ArtifactStoreUri"] == "s3://artifacts/mlflow"
    assert properties["RoleArn"] == bench["ServiceRole"].one("AWS::IAM::Role").arn
    assert properties["TrackingServerSize"] == "Medium"


def test_runs_outlive_the_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["TrackingServer"].one(SERVER).kept()


def test_its_statements_name_it_alone_and_only_jobs_write(bench: Mapping[str, Stand]) -> None:
    server = bench["TrackingServer"].construct
    assert isinstance(server, TrackingServer)
    track, view = server.track_statements(), server.view_statements()
    assert all(each.resources == [server.arn] for each in [*track, *view])
    written = {"sagemaker-mlflow:CreateRun", "sagemaker-mlflow:LogMetric"}
    assert written <= {action for each in track for action in each.actions}
    assert written.isdisjoint(action for each in view for action in each.actions)
    assert not any("App" in action for each in track for action in each.actions)


def test_the_agency_file_s_choice_is_made_in_every_environment_and_reached_by_its_jobs(
    shared_account: Deployment,
) -> None:
    servers = {each.properties["TrackingServerName"]: each for each in shared_account.resources(SERVER)}
    assert set(servers) == {"sandbox-dev-mlflow", "sandbox-uat-mlflow"}
    assert {each.properties["TrackingServerSize"] for each in servers.values()} == {"Large"}
    assert not list(shared_account.resources("AWS::SageMaker::MlflowApp"))
    server, other = servers["sandbox-dev-mlflow"].arn, servers["sandbox-uat-mlflow"].arn
    everything = list(shared_account.resources())
    (role,) = [
        each
        for each in shared_account.resources("AWS::IAM::Role")
        if "dev" in each.path and "/UseCase-hdb-resale/Roles/Job/" in each.path
    ]
    job = Identity(role, everything)
    assert job.may("sagemaker-mlflow:CreateRun", server)
    assert not job.may("sagemaker-mlflow:CreateRun", other)
    assert not job.may("sagemaker-mlflow:CreateRun", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1")
