"""`ServiceRole`: one service, on behalf of this account, with customer-managed policies only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from bench import BenchStack, Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

from govml_constructs.identity.service_role import RoleRules, ServiceRole

JOB = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/a"


@pytest.fixture
def role(bench: Mapping[str, Stand]) -> Identity:
    stand = bench["ServiceRole"]
    return Identity(stand.one("AWS::IAM::Role"), stand.all())


def test_only_its_own_service_may_assume_it(role: Identity) -> None:
    assert role.assumed_by("sagemaker.amazonaws.com", source=JOB)
    assert not role.assumed_by("lambda.amazonaws.com", source=JOB)
    assert not role.assumed_by(f"arn:aws:iam::{ACCOUNT}:role/someone", source=JOB)


def test_the_service_may_not_assume_it_on_behalf_of_another_account(role: Identity) -> None:
    assert not role.assumed_by("sagemaker.amazonaws.com", account="999999999999", source=JOB)
    assert not role.assumed_by("sagemaker.amazonaws.com", account=None, source=JOB)


def test_the_service_may_assume_it_for_the_named_resources_only(role: Identity) -> None:
    assert not role.assumed_by("sagemaker.amazonaws.com", source=JOB.replace(ACCOUNT, "999999999999"))
    assert not role.assumed_by("sagemaker.amazonaws.com", source=JOB.replace("sagemaker", "glue"))
    assert not role.assumed_by("sagemaker.amazonaws.com")


def test_its_permissions_are_one_customer_managed_policy(bench: Mapping[str, Stand], role: Identity) -> None:
    stand = bench["ServiceRole"]
    assert stand.one("AWS::IAM::Role").properties["ManagedPolicyArns"] == [stand.one("AWS::IAM::ManagedPolicy").arn]
    assert "Policies" not in stand.one("AWS::IAM::Role").properties
    assert role.may("logs:PutLogEvents", bench["LogGroup"].one("AWS::Logs::LogGroup").arn)
    assert not role.may("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:other:*")


def test_the_boundary_and_the_path_are_the_rules(bench: Mapping[str, Stand]) -> None:
    role = bench["ServiceRole"].one("AWS::IAM::Role").properties
    assert role["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary"
    assert role["Path"] == bench["ServiceRole"].one("AWS::IAM::ManagedPolicy").properties["Path"] == "/govml/"


def test_its_tags_are_on_the_role(role: Identity) -> None:
    assert role.tags == {"aws:PrincipalTag/govml-use-case": "hdb-resale"}


def test_other_constructs_cannot_add_permissions(scratch: BenchStack) -> None:
    role = ServiceRole(scratch, "Role", service="lambda.amazonaws.com", description="closed", rules=RoleRules()).role
    statement = iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])
    role.add_to_principal_policy(statement)
    s3.Bucket(scratch, "Bucket").grant_read(role)
    below = scratch.node.find_child("Role").node.find_all()
    assert not [each for each in below if isinstance(each, (iam.CfnPolicy, iam.CfnManagedPolicy))]
