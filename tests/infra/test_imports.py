"""Roles, keys and buckets that exist already: they are used, and nothing is made in their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from aws_cdk import App
from bench import IMPORTED
from cfn_templates import ACCOUNT, Deployment

import app as entry
from govml.errors import UserError
from govml.gate.judge import judge

KEY, RAW = IMPORTED["keys"]["data"], IMPORTED["buckets"]["raw"]
TRACKING, APPROVER = IMPORTED["roles"].values()


def paths(deployment: Deployment, *types: str) -> list[str]:
    return [each.path for each in deployment.resources(*types)]


def test_no_role_is_made_where_one_is_imported(sandbox: Deployment, importing: Deployment) -> None:
    gone = set(paths(sandbox, "AWS::IAM::Role")) - set(paths(importing, "AWS::IAM::Role"))
    assert gone == {
        "sandbox-dev/MlPlatform/TrackingRole/Resource",
        "sandbox-dev/Access/Personas/Approver/Resource",
    }
    assert not [path for path in paths(importing, "AWS::IAM::ManagedPolicy") if "/Approver/" in path]


def test_the_imported_role_is_used(importing: Deployment) -> None:
    (tracking,) = importing.resources("AWS::SageMaker::MlflowApp")
    assert tracking.properties["RoleArn"] == TRACKING
    (artifacts,) = [
        each
        for each in importing.resources("AWS::S3::BucketPolicy")
        if each.path.startswith("sandbox-dev/Data/Lake/Artifacts")
    ]
    assert APPROVER in json.dumps(artifacts.properties)


def test_what_an_imported_role_needs_stands_in_the_metadata(importing: Deployment) -> None:
    template = importing.templates["sandbox-dev/MlPlatform"]
    wanted = template.resolve(template.body["Metadata"]["ImportedRole:MlPlatform/TrackingRole"])
    assert wanted["Arn"] == TRACKING
    assert wanted["Trust"]["Statement"][0]["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert len(wanted["ManagedPolicies"]) == 1
    approver = importing.templates["sandbox-dev/Access"].body["Metadata"]["ImportedRole:Access/Personas/Approver"]
    assert "sagemaker:UpdateModelPackage" in json.dumps(approver["Statements"])


def test_no_key_is_made_and_the_imported_one_is_used(importing: Deployment) -> None:
    assert len(paths(importing, "AWS::KMS::Key")) == len(paths(importing, "AWS::KMS::Alias")) == 2
    (curated,) = [each for each in importing.resources("AWS::S3::Bucket") if "/Curated/" in each.path]
    (rule,) = curated.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY


def test_no_bucket_is_made_and_the_imported_one_is_used(importing: Deployment) -> None:
    assert not [path for path in paths(importing, "AWS::S3::Bucket", "AWS::S3::BucketPolicy") if "/Raw/" in path]
    names = {each.properties["Name"]: each.properties["Value"] for each in importing.resources("AWS::SSM::Parameter")}
    assert names["/govml/sandbox/dev/data/raw-bucket"] == RAW
    (data,) = [each for each in importing.resources("AWS::IAM::ManagedPolicy") if "/SourceData/" in each.path]
    assert f"arn:aws:s3:::{RAW}/${{aws:PrincipalTag/govml-data-source}}/*" in json.dumps(data.properties)


def test_the_gate_passes_it(importing: Deployment) -> None:
    assert judge(importing.folder, date(2026, 11, 27)).refusals == ()


def test_a_role_that_stands_nowhere_is_refused_with_the_places_that_exist(
    new_app: Callable[..., App], minimal_file: Path, tmp_path: Path
) -> None:
    path, network = tmp_path / "agency.yaml", "cidr: 10.1.0.0/22"
    role = f'imported: {{roles: {{Network/FlowRole: "arn:aws:iam::{ACCOUNT}:role/x"}}}}'
    path.write_text(minimal_file.read_text().replace(network, f"{network}, {role}"))
    with pytest.raises(UserError, match=r"imported\.roles: no role stands at Network/FlowRole") as refused:
        entry.build(new_app(tmp_path / "out", config=str(path), environment="dev"))
    assert "Network/DefaultGroupClosed/Role" in str(refused.value)
