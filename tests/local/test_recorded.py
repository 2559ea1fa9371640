from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from govml.local.emulator.backends import recorded
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.backends.recorded_catalogue import CATALOGUE
from govml.local.emulator.backends.requests import ApiCall, parse

ROLE = "arn:aws:iam::111122223333:role/r"


@pytest.fixture(autouse=True)
def empty_store() -> Iterator[None]:
    recorded._records.clear()
    yield
    recorded._records.clear()


def call(service: str, operation: str, **parameters: Any) -> Any:
    return recorded.answers(ApiCall(service, operation, parameters))


def app(name: str = "tracking") -> str:
    made = call("sagemaker", "create_mlflow_app", Name=name, ArtifactStoreUri="s3://b/m", RoleArn=ROLE)
    return str(made["Arn"])


def test_what_was_created_is_described_with_every_member_that_the_answer_has() -> None:
    arn = app()
    shown = call("sagemaker", "describe_mlflow_app", Arn=arn)
    assert shown["ArtifactStoreUri"] == "s3://b/m"
    assert shown["Status"] == "Created"
    assert ":mlflow-app/app-" in arn


def test_an_update_changes_what_it_names_and_keeps_the_rest() -> None:
    arn = app()
    call("sagemaker", "update_mlflow_app", Arn=arn, ArtifactStoreUri="s3://b/other")
    shown = call("sagemaker", "describe_mlflow_app", Arn=arn)
    assert (shown["ArtifactStoreUri"], shown["Name"]) == ("s3://b/other", "tracking")


def test_a_deleted_resource_is_gone() -> None:
    arn = app()
    call("sagemaker", "delete_mlflow_app", Arn=arn)
    with pytest.raises(ApiError, match="does not exist"):
        call("sagemaker", "describe_mlflow_app", Arn=arn)


def test_the_list_shows_all_of_the_account() -> None:
    app("one"), app("two")
    assert {item["Name"] for item in call("sagemaker", "list_mlflow_apps")["Summaries"]} == {"one", "two"}


def test_a_taken_name_is_refused() -> None:
    parameters = {"TrackingServerName": "t", "ArtifactStoreUri": "s3://b", "RoleArn": ROLE}
    call("sagemaker", "create_mlflow_tracking_server", **parameters)
    with pytest.raises(ApiError, match="exists"):
        call("sagemaker", "create_mlflow_tracking_server", **parameters)


def test_tags_are_listed_by_arn_and_only_for_what_is_recorded() -> None:
    tags = [{"Key": "a", "Value": "b"}]
    made = call("sagemaker", "create_mlflow_app", Name="n", ArtifactStoreUri="s3://b", RoleArn=ROLE, Tags=tags)
    assert call("sagemaker", "list_tags", ResourceArn=made["Arn"]) == {"Tags": tags}
    assert call("sagemaker", "list_tags", ResourceArn="arn:aws:sagemaker:x:1:pipeline/p") is None


def test_other_operations_are_left_to_others() -> None:
    assert call("sagemaker", "create_pipeline", PipelineName="p") is None
    assert call("s3", "create_bucket") is None


def test_a_connection_waits_for_its_confirmation_as_on_aws() -> None:
    made = call("codeconnections", "create_connection", ConnectionName="c", ProviderType="GitHub")
    shown = call("codeconnections", "get_connection", ConnectionArn=made["ConnectionArn"])
    assert shown["Connection"]["ConnectionStatus"] == "PENDING"


@pytest.mark.parametrize(
    ("method", "path", "operation", "parameters"),
    [
        ("POST", "/workspaces", "create_workspace", {}),
        ("GET", "/workspaces/g-0123456789", "describe_workspace", {"workspaceId": "g-0123456789"}),
        ("DELETE", "/workspaces/g-0123456789", "delete_workspace", {"workspaceId": "g-0123456789"}),
    ],
)
def test_rest_requests_are_recognised(method: str, path: str, operation: str, parameters: dict[str, str]) -> None:
    found = parse("grafana", method=method, path=path, headers={}, body=b"", query={})
    assert found == ApiCall("grafana", operation, parameters)


def test_json_requests_are_recognised_by_their_target() -> None:
    headers = {"x-amz-target": "SageMaker.DescribeMlflowApp"}
    found = parse("sagemaker", method="POST", path="/", headers=headers, body=b'{"Arn": "a"}', query={})
    assert found == ApiCall("sagemaker", "describe_mlflow_app", {"Arn": "a"})


def test_a_request_of_no_operation_is_nobodys() -> None:
    assert parse("grafana", method="PATCH", path="/nowhere", headers={}, body=b"", query={}) is None


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: f"{kind.service}-{kind.noun}")
def test_the_catalogue_names_operations_that_exist(kind: Any) -> None:
    from botocore import xform_name

    from govml.local.emulator.account import service_model

    model = service_model(kind.service)
    known = {xform_name(name): model.operation_model(name) for name in model.operation_names}
    for verb in ("create", "delete"):
        assert f"{verb}_{kind.noun}" in known
    reads = [f"{kind.read}_{kind.noun}", f"{kind.read}_{kind.noun}s"]  # some services describe several at once
    assert any(read in known for read in reads)
    if kind.listed:
        listing = next(name for name in (f"list_{kind.noun}s", reads[1]) if name in known)
        assert kind.listed in known[listing].output_shape.members
