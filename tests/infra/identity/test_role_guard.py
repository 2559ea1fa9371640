"""`guard_roles`: boundary and path also on the roles that CDK makes for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Environment, RemovalPolicy, Stack, Stage
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import custom_resources as providers
from cfn_templates import ACCOUNT, REGION, Deployment, read_deployment

from govml_constructs.identity.role_guard import guard_roles
from govml_constructs.identity.role_rules import RoleRules
from govml_constructs.place import Place

PLACE = Place(region=REGION, account=ACCOUNT)


@pytest.fixture
def guarded(new_app: Callable[..., App], tmp_path: Path) -> Callable[[RoleRules], Deployment]:
    """A stage with two of CDK's providers: a plain `CfnResource` role (automatic deletion), an L2's role and policy."""

    def _guarded(rules: RoleRules) -> Deployment:
        app = new_app(tmp_path)
        stage = Stage(app, "stage")
        stack = Stack(stage, "Stack", env=Environment(account=ACCOUNT, region=REGION))
        s3.Bucket(stack, "Bucket", removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True)
        handler = lambda_.Function(
            stack,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handle",
            code=lambda_.Code.from_inline("handle = None"),
        )
        providers.Provider(stack, "Provider", on_event_handler=handler)
        guard_roles(stage, rules=rules, place=PLACE)
        app.synth()
        return read_deployment(tmp_path)

    return _guarded


def test_every_role_of_cdk_s_own_has_boundary_and_path(guarded: Callable[[RoleRules], Deployment]) -> None:
    roles = list(guarded(RoleRules(path="/agency/", permissions_boundary="AgencyBoundary")).resources("AWS::IAM::Role"))
    assert len(roles) == 3
    for role in roles:
        assert role.properties["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary", role.path
        assert role.properties["Path"] == "/agency/", role.path


def test_nothing_is_added_where_nothing_is_configured(guarded: Callable[[RoleRules], Deployment]) -> None:
    for role in guarded(RoleRules()).resources("AWS::IAM::Role"):
        assert "PermissionsBoundary" not in role.properties
        assert "Path" not in role.properties


def test_a_path_alone_brings_no_boundary(guarded: Callable[[RoleRules], Deployment]) -> None:
    for role in guarded(RoleRules(path="/agency/")).resources("AWS::IAM::Role"):
        assert role.properties["Path"] == "/agency/"
        assert "PermissionsBoundary" not in role.properties
