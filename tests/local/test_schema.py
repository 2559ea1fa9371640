from __future__ import annotations

from typing import Any

import pytest

from govml.local.emulator.cloudformation import schema

REGION = "ap-southeast-1"
WORKGROUP = "AWS::Athena::WorkGroup"


def check(resource_type: str, **properties: Any) -> None:
    schema.check(resource_type, properties, REGION)


def test_a_type_that_the_region_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(schema.UnknownResourceTypeError, match="AWS::SageMaker::Nonsense does not exist in ap-south"):
        check("AWS::SageMaker::Nonsense")


@pytest.mark.parametrize(
    ("resource_type", "properties", "message"),
    [
        (WORKGROUP, {}, "'Name' is a required property"),
        (WORKGROUP, {"Name": "w", "Colour": "red"}, "Colour"),
        (WORKGROUP, {"Name": "w", "State": "SLEEPING"}, "SLEEPING"),
        ("AWS::SageMaker::ModelPackageGroup", {"ModelPackageGroupName": "not a name!"}, "does not match"),
        (WORKGROUP, {"Name": "w", "CreationTime": "now"}, "CreationTime: it is read-only"),
        ("AWS::KMS::Alias", {"AliasName": "alias/" + "x" * 300, "TargetKeyId": "k"}, "too long"),
    ],
)
def test_what_aws_would_refuse_is_refused(resource_type: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(resource_type, **properties)


def test_text_is_accepted_for_a_number_and_for_a_switch_as_in_cloudformation() -> None:
    configuration = {"EnforceWorkGroupConfiguration": "true", "BytesScannedCutoffPerQuery": "10737418240"}
    check(WORKGROUP, Name="w", WorkGroupConfiguration=configuration)


def test_the_tags_of_the_engine_are_not_the_templates() -> None:
    own = {"Key": "aws:cloudformation:stack-name", "Value": "s"}
    fifty = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]  # as many as the type allows
    endpoint = {"EndpointConfigName": "c"}
    check("AWS::SageMaker::Endpoint", **endpoint, Tags=[own, *fifty])
    with pytest.raises(ValueError, match="too long"):
        check("AWS::SageMaker::Endpoint", **endpoint, Tags=[*fifty, {"Key": "k50", "Value": "v"}])
    assert schema.without_system_tags({"Tags": [own]}) == {"Tags": []}
    assert schema.without_system_tags({"Tags": {"aws:x": "1", "a": "b"}}) == {"Tags": {"a": "b"}}


def test_patterns_that_python_cannot_compile_are_left_out_and_the_rest_stays() -> None:
    """AWS writes \\p{L} in the patterns of tags; without the cure every check of such a type would crash."""
    package = {"DomainName": "packages", "Tags": [{"Key": "Projekt", "Value": "ä"}]}
    check("AWS::CodeArtifact::Domain", **package)
    with pytest.raises(ValueError, match="does not match"):
        check("AWS::CodeArtifact::Domain", **{**package, "DomainName": "Not a name"})


def test_what_replaces_and_what_cannot_be_read_is_known() -> None:
    assert "PipelineName" in schema.create_only("AWS::SageMaker::Pipeline", REGION)
    assert "Budget/BudgetName" in schema.create_only("AWS::Budgets::Budget", REGION)
    assert "Code/S3Key" in schema.write_only("AWS::Lambda::Function", REGION)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"Budget": {"BudgetName": "a", "BudgetLimit": {"Amount": 2}}}, False),
        ({"Budget": {"BudgetName": "b", "BudgetLimit": {"Amount": 1}}}, True),
        ({"Budget": {"BudgetName": "a", "BudgetLimit": {"Amount": 1}}, "NotificationsWithSubscribers": [1]}, True),
        ({}, True),
    ],
)
def test_a_change_replaces_when_it_touches_a_create_only_path(new: dict[str, Any], expected: bool) -> None:
    old = {"Budget": {"BudgetName": "a", "BudgetLimit": {"Amount": 1}}}
    assert schema.replaces("AWS::Budgets::Budget", old, new, REGION) is expected
