"""`BuildProject`: inside the VPC, unprivileged, encrypted, without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


@pytest.fixture
def project(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["Build"].one("AWS::CodeBuild::Project").properties


def test_builds_have_no_privilege(project: dict[str, Any]) -> None:
    assert project["Environment"]["PrivilegedMode"] is False


def test_builds_run_in_the_isolated_subnets(bench: Mapping[str, Stand], project: dict[str, Any]) -> None:
    network = project["VpcConfig"]
    assert network["VpcId"] == bench["Network"].one("AWS::EC2::VPC").name
    assert set(network["Subnets"]) == {each.name for each in bench["Network"].all("AWS::EC2::Subnet")}
    assert network["SecurityGroupIds"] == [bench["JobTier"].one("AWS::EC2::SecurityGroup").name]


def test_artefacts_are_encrypted_with_the_given_key(bench: Mapping[str, Stand], project: dict[str, Any]) -> None:
    assert project["EncryptionKey"] == bench["DataKey"].one("AWS::KMS::Key").arn


def test_builds_log_into_the_given_log_group(bench: Mapping[str, Stand], project: dict[str, Any]) -> None:
    logs = project["LogsConfig"]["CloudWatchLogs"]
    assert logs == {"Status": "ENABLED", "GroupName": bench["LogGroup"].one("AWS::Logs::LogGroup").name}


def test_the_source_is_the_pipeline_s_and_the_steps_stand_in_the_template(project: dict[str, Any]) -> None:
    assert project["Source"]["Type"] == project["Artifacts"]["Type"] == "CODEPIPELINE"
    assert json.loads(project["Source"]["BuildSpec"])["phases"]["build"]["commands"] == ["make test"]


def test_a_build_does_not_run_for_ever(project: dict[str, Any]) -> None:
    assert project["TimeoutInMinutes"] == 60


def test_variables_are_plain_and_the_given_ones(project: dict[str, Any]) -> None:
    variables = project["Environment"]["EnvironmentVariables"]
    assert variables == [{"Name": "CONFIG", "Value": "config/sandbox.yaml", "Type": "PLAINTEXT"}]
