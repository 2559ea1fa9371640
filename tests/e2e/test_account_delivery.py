"""The AI service and the delivery pipeline of the deployed sandbox, read back with boto3."""

from __future__ import annotations

from typing import Any

import pytest
from deployed_resources import Resource, of_type

from govml.local import Connection
from govml.settings import Settings

pytestmark = pytest.mark.local_account


@pytest.fixture(scope="session")
def guardrail(local_account: Connection, found: list[Resource]) -> dict[str, Any]:
    (arn,) = of_type(found, "Bedrock::Guardrail")
    answer: dict[str, Any] = local_account.client("bedrock").get_guardrail(
        guardrailIdentifier=arn.rpartition("/")[2], guardrailVersion="1"
    )
    return answer


def test_the_pinned_version_stops_attacks_and_personal_data(
    guardrail: dict[str, Any], keys: dict[str, str], settings: Settings
) -> None:
    assert settings.ai is not None
    strengths = {item["type"]: item["inputStrength"] for item in guardrail["contentPolicy"]["filters"]}
    assert strengths["PROMPT_ATTACK"] == "HIGH"
    personal = guardrail["sensitiveInformationPolicy"]
    assert {item["type"] for item in personal["piiEntities"]}
    assert any("NRIC" in item["name"].upper() for item in personal["regexes"])
    assert guardrail["kmsKeyArn"] in keys.values()
    assert guardrail["blockedInputMessaging"] == settings.ai.blocked_message


def test_our_function_turned_invocation_logging_on(local_account: Connection, found: list[Resource]) -> None:
    answer = local_account.client("bedrock").get_model_invocation_logging_configuration()
    configuration = answer["loggingConfig"]
    assert configuration["cloudWatchConfig"]["logGroupName"] in of_type(found, "Logs::LogGroup")
    assert configuration["textDataDeliveryEnabled"]


def test_builds_are_unprivileged_encrypted_logged_and_in_the_vpc(
    local_account: Connection, found: list[Resource], keys: dict[str, str]
) -> None:
    names = of_type(found, "CodeBuild::Project")
    projects = local_account.client("codebuild").batch_get_projects(names=names)["projects"]
    assert len(projects) >= 2
    for project in projects:
        assert project["encryptionKey"] in keys.values()
        assert project["environment"]["privilegedMode"] is False
        assert project["vpcConfig"]["vpcId"] == of_type(found, "EC2::VPC")[0]
        assert project["logsConfig"]["cloudWatchLogs"]["groupName"] in of_type(found, "Logs::LogGroup")


def test_the_pipeline_starts_from_the_connection_and_stores_encrypted(
    local_account: Connection, found: list[Resource], keys: dict[str, str], settings: Settings
) -> None:
    assert settings.cicd is not None
    (name,) = of_type(found, "CodePipeline::Pipeline")
    pipeline = local_account.client("codepipeline").get_pipeline(name=name)["pipeline"]
    assert pipeline["artifactStore"]["encryptionKey"]["id"] in keys.values()
    source = pipeline["stages"][0]["actions"][0]["configuration"]
    assert source["ConnectionArn"] == of_type(found, "CodeConnections::Connection")[0]
    assert (source["FullRepositoryId"], source["BranchName"]) == (settings.cicd.repository, settings.cicd.branch)
    assert len(pipeline["stages"]) >= 3


def test_a_new_connection_waits_to_be_confirmed(local_account: Connection, found: list[Resource]) -> None:
    (arn,) = of_type(found, "CodeConnections::Connection")
    connection = local_account.client("codeconnections").get_connection(ConnectionArn=arn)["Connection"]
    assert connection["ConnectionStatus"] == "PENDING"
