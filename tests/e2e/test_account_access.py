"""Keys, roles and policies of the deployed sandbox, read back with boto3."""

from __future__ import annotations

import pytest
from deployed_resources import Resource, as_list, document, of_type

from govml.local import Connection
from govml.settings import Settings

pytestmark = pytest.mark.local_account


def test_the_execution_role_has_our_policy_and_not_administrator_access(
    local_account: Connection, settings: Settings
) -> None:
    iam = local_account.client("iam")
    roles = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    (role,) = [name for name in roles if "cfn-exec-role" in name]
    attached = [policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
    own = f"arn:aws:iam::{local_account.account}:policy/bootstrap/{settings.agency}-dev-execution-"
    assert attached
    assert all(arn.startswith(own) for arn in attached)


def test_every_key_rotates_and_trusts_this_account_only(local_account: Connection, keys: dict[str, str]) -> None:
    kms = local_account.client("kms")
    assert len(keys) >= 3
    for arn in keys.values():
        assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]
        policy = document(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
        for statement in policy["Statement"]:
            principals = as_list(statement["Principal"].get("AWS", []))
            assert all(f":{local_account.account}:" in principal for principal in principals)
            if statement["Principal"].get("Service", "events.amazonaws.com") != "events.amazonaws.com":
                assert statement["Condition"]  # EventBridge sends no source: the topic and the queue hold it


def test_a_key_really_encrypts(local_account: Connection, keys: dict[str, str]) -> None:
    kms = local_account.client("kms")
    sealed = kms.encrypt(KeyId=next(iter(keys.values())), Plaintext=b"hello")["CiphertextBlob"]
    assert sealed != b"hello"
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"


def test_no_key_may_be_used_by_the_whole_account(local_account: Connection, keys: dict[str, str]) -> None:
    kms = local_account.client("kms")
    for arn in keys.values():
        policy = document(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
        for statement in policy["Statement"]:
            if "AWS" in statement["Principal"] and "kms:Decrypt" in as_list(statement["Action"]):
                assert statement.get("Condition"), statement["Sid"]


def test_every_role_for_a_service_trusts_it_on_behalf_of_this_account(
    local_account: Connection, found: list[Resource], settings: Settings, prefix: str
) -> None:
    iam = local_account.client("iam")
    names = [name for name in of_type(found, "IAM::Role") if not name.startswith(f"{prefix}.")]
    assert len(names) >= 10
    for name in names:
        role = iam.get_role(RoleName=name)["Role"]
        assert role["Path"] == settings.iam.role_path
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            assert len(as_list(statement["Principal"]["Service"])) == 1
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": local_account.account}


def test_every_role_for_people_trusts_the_identity_provider_for_a_limited_session(
    local_account: Connection, found: list[Resource], settings: Settings, prefix: str
) -> None:
    iam = local_account.client("iam")
    names = {name for name in of_type(found, "IAM::Role") if name.startswith(f"{prefix}.")}
    duties = ("data-scientist", "ml-engineer", "data-engineer", "approver", "auditor")
    assert names == {f"{prefix}.{duty}" for duty in duties}
    assert settings.iam.personas is not None
    provider = f"arn:aws:iam::{local_account.account}:saml-provider/{settings.iam.personas.identity_provider}"
    for name in names:
        role = iam.get_role(RoleName=name)["Role"]
        assert role["MaxSessionDuration"] == settings.iam.personas.max_session_hours * 3600
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Federated": provider}


def test_no_role_has_an_inline_policy_or_one_of_amazons(local_account: Connection, found: list[Resource]) -> None:
    iam = local_account.client("iam")
    for name in of_type(found, "IAM::Role"):
        assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            assert policy["PolicyArn"].startswith(f"arn:aws:iam::{local_account.account}:")


def test_no_policy_allows_everything(local_account: Connection, found: list[Resource]) -> None:
    iam = local_account.client("iam")
    for arn in of_type(found, "IAM::ManagedPolicy"):
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        body = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        for statement in document(body)["Statement"]:
            assert "*" not in as_list(statement["Action"])
