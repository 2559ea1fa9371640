"""`DeliveryPipeline`: what was tested and gated is what is deployed, after a person's word where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


def pipeline(bench: Mapping[str, Stand], name: str = "Delivery") -> dict[str, Any]:
    return bench[name].one("AWS::CodePipeline::Pipeline").properties


def actions(bench: Mapping[str, Stand], name: str = "Delivery") -> dict[str, dict[str, Any]]:
    return {stage["Name"]: stage["Actions"][0] for stage in pipeline(bench, name)["Stages"]}


def test_it_is_a_v2_pipeline_that_skips_no_change(bench: Mapping[str, Stand]) -> None:
    assert (pipeline(bench)["PipelineType"], pipeline(bench)["ExecutionMode"]) == ("V2", "QUEUED")


def test_it_verifies_before_it_deploys(bench: Mapping[str, Stand]) -> None:
    assert list(actions(bench)) == ["Source", "Verify", "Deploy"]


def test_it_deploys_exactly_what_was_verified(bench: Mapping[str, Stand]) -> None:
    stages = actions(bench)
    assert stages["Verify"]["InputArtifacts"] == stages["Source"]["OutputArtifacts"]
    assert stages["Deploy"]["InputArtifacts"] == stages["Verify"]["OutputArtifacts"]
    assert "OutputArtifacts" not in stages["Deploy"]


def test_a_person_approves_before_the_deployment_where_asked_for(bench: Mapping[str, Stand]) -> None:
    stages = actions(bench, "GuardedDelivery")
    assert list(stages) == ["Source", "Verify", "Approve", "Deploy"]
    approve = stages["Approve"]
    assert (approve["ActionTypeId"]["Category"], approve["ActionTypeId"]["Provider"]) == ("Approval", "Manual")
    assert approve["Configuration"]["NotificationArn"] == bench["Alerts"].one("AWS::SNS::Topic").arn


def test_a_push_to_the_branch_starts_it_and_nothing_else_does(bench: Mapping[str, Stand]) -> None:
    (trigger,) = pipeline(bench)["Triggers"]
    git = trigger["GitConfiguration"]
    assert git["Push"] == [{"Branches": {"Includes": ["main"]}}]
    source = actions(bench)["Source"]
    assert git["SourceActionName"] == source["Name"]
    assert source["Configuration"]["BranchName"] == "main"
    assert source["Configuration"]["DetectChanges"] == "false"


@pytest.mark.parametrize("stage", ["Verify", "Deploy"])
def test_builds_run_in_the_given_project(bench: Mapping[str, Stand], stage: str) -> None:
    action = actions(bench)[stage]
    assert action["ActionTypeId"]["Provider"] == "CodeBuild"
    assert action["Configuration"] == {"ProjectName": "bench-build"}


def test_the_artefact_store_is_the_given_one_under_the_given_key(bench: Mapping[str, Stand]) -> None:
    store = pipeline(bench)["ArtifactStore"]
    assert store["Location"] == bench["Bucket"].one("AWS::S3::Bucket").name
    assert store["EncryptionKey"] == {"Id": bench["DataKey"].one("AWS::KMS::Key").arn, "Type": "KMS"}
