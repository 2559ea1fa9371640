"""`StudioDomain`: VPC only, encrypted, traceable to a person, and asleep when nobody works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


@pytest.fixture
def domain(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["Studio"].one("AWS::SageMaker::Domain").properties


def test_apps_reach_the_vpc_and_nothing_else(bench: Mapping[str, Stand], domain: dict[str, Any]) -> None:
    assert domain["AppNetworkAccessType"] == "VpcOnly"
    assert set(domain["SubnetIds"]) == {each.name for each in bench["Network"].all("AWS::EC2::Subnet")}
    groups = domain["DefaultUserSettings"]["SecurityGroups"]
    assert groups == [bench["JobTier"].one("AWS::EC2::SecurityGroup").name]


def test_the_file_system_is_encrypted_with_the_given_key(bench: Mapping[str, Stand], domain: dict[str, Any]) -> None:
    assert domain["KmsKeyId"] == bench["DataKey"].one("AWS::KMS::Key").name


def test_the_audit_trail_names_the_person(domain: dict[str, Any]) -> None:
    assert domain["DomainSettings"]["ExecutionRoleIdentityConfig"] == "USER_PROFILE_NAME"


def test_idle_apps_shut_down_after_an_hour(domain: dict[str, Any]) -> None:
    lab = domain["DefaultUserSettings"]["JupyterLabAppSettings"]
    idle = lab["AppLifecycleManagement"]["IdleSettings"]
    assert idle["LifecycleManagement"] == "ENABLED"
    assert idle["IdleTimeoutInMinutes"] == 60
    assert idle["MinIdleTimeoutInMinutes"] <= 60 <= idle["MaxIdleTimeoutInMinutes"]


def test_notebook_output_is_not_shared(domain: dict[str, Any]) -> None:
    assert domain["DefaultUserSettings"]["SharingSettings"] == {"NotebookOutputOption": "Disabled"}


def test_home_folders_outlive_the_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["Studio"].one("AWS::SageMaker::Domain").kept()
