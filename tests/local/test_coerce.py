from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.local.emulator.cloudformation.coerce import accepted, coerce, input_shape, parameters

TYPE = "AWS::SageMaker::EndpointConfig"
SHAPE = input_shape("sagemaker", "create_endpoint_config")


def variant(**more: Any) -> dict[str, Any]:
    return {"VariantName": "champion", "ModelName": "m", **more}


@given(count=st.integers(1, 10**6), weight=st.floats(0, 1000, allow_nan=False), on=st.booleans())
def test_scalars_as_text_become_what_the_api_wants(count: int, weight: float, on: bool) -> None:
    sent = {
        "EndpointConfigName": "c",
        "ProductionVariants": [variant(InitialInstanceCount=str(count), InitialVariantWeight=str(weight))],
        "EnableNetworkIsolation": str(on).lower(),
    }
    result = coerce(SHAPE, sent, TYPE)
    made = result["ProductionVariants"][0]
    assert (made["InitialInstanceCount"], made["InitialVariantWeight"]) == (count, weight)
    assert result["EnableNetworkIsolation"] is on


@given(st.permutations(["ENDPOINTCONFIGNAME", "endpointconfigname", "EndpointConfigName"]))
def test_member_names_match_without_regard_to_case(spellings: list[str]) -> None:
    assert coerce(SHAPE, {spellings[0]: "c"}, TYPE) == {"EndpointConfigName": "c"}


def test_a_property_that_the_api_does_not_know_is_refused_by_its_path() -> None:
    with pytest.raises(ValueError, match=r"ProductionVariants\[0\]\.Speed is not a member"):
        coerce(SHAPE, {"ProductionVariants": [variant(Speed=9)]}, TYPE)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"ProductionVariants": {}}, "expected a list"),
        ({"DataCaptureConfig": "yes"}, "expected an object"),
        ({"EnableNetworkIsolation": "maybe"}, "expected true or false"),
    ],
)
def test_another_structure_is_refused(sent: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        coerce(SHAPE, sent, TYPE)


def test_a_document_becomes_text_where_the_api_takes_text() -> None:
    shape = input_shape("sagemaker", "put_model_package_group_policy")
    result = coerce(shape, {"ModelPackageGroupName": "g", "ResourcePolicy": {"Version": "2012-10-17"}}, TYPE)
    assert result["ResourcePolicy"] == '{"Version": "2012-10-17"}'


def test_tags_become_a_map_where_the_api_takes_a_map() -> None:
    sent = {"name": "w", "tags": [{"Key": "a", "Value": "b"}]}
    assert coerce(input_shape("grafana", "create_workspace").members["tags"], sent["tags"], "t") == {"a": "b"}


def test_a_missing_required_member_is_refused_as_the_api_would() -> None:
    with pytest.raises(ValueError, match=r"Missing required parameter.*ProductionVariants"):
        parameters("sagemaker", "create_endpoint_config", {"EndpointConfigName": "c"}, TYPE)


def test_an_idempotency_token_is_made() -> None:
    made = parameters("bedrock", "create_guardrail_version", {"guardrailIdentifier": "abc"}, "AWS::Bedrock::X")
    assert made["clientRequestToken"]


def test_an_update_sends_only_what_may_change() -> None:
    sent = {"TrackingServerName": "t", "RoleArn": "arn:aws:iam::1:role/r", "TrackingServerSize": "Small"}
    assert set(accepted("sagemaker", "update_mlflow_tracking_server", sent, TYPE)) == {
        "TrackingServerName",
        "TrackingServerSize",
    }
