"""`cdk bootstrap` with what landing zones demand: a boundary, a qualifier, computed policies. It has an account of its own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from deployed_resources import document, of_type, resources
from iam_simulator import Request, decide
from ruamel.yaml import YAML

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.kit import Kit, kit
from govml.errors import UserError
from govml.local import Connection, deployment, lifecycle
from govml.local.bootstrap import bootstrap
from govml.settings import load_settings
from govml.synthesis import synthesise

pytestmark = pytest.mark.local_account

REPOSITORY = Path(__file__).resolve().parents[3]
BOUNDARY, ACCOUNT, QUALIFIER = "GCCIAccountBoundary", "222233334444", "agency1"
BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/{BOUNDARY}"


@dataclass(frozen=True)
class Bounded:
    """An account that was bootstrapped for an agency whose landing zone demands a boundary."""

    connection: Connection
    kit: Kit
    assembly: Path


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bounded]:
    root = tmp_path_factory.mktemp("bounded")
    agency = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    agency["environments"]["dev"]["account"] = ACCOUNT
    agency["iam"] |= {"permissions_boundary": BOUNDARY, "role_path": "/agency/"}
    agency["bootstrap"] = {"qualifier": QUALIFIER}
    (root / "agency.yaml").write_text(json.dumps(agency))
    assembly = synthesise(root / "agency.yaml", "dev", output=root / "cdk.out", quiet=True)
    prepared = kit(load_settings(root / "agency.yaml"), read_stacks(assembly), ["dev"])
    with pytest.MonkeyPatch.context() as patch, socket.socket() as probe:
        patch.setenv("GOVML_STATE_DIR", str(root))
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        started = lifecycle.up(account_id=ACCOUNT, region="ap-southeast-1", port=port)
        try:
            with pytest.raises(UserError, match="is not bootstrapped"):
                deployment.deploy(started.connection, assembly)
            for _ in range(2):  # it may be repeated
                result = bootstrap(started.connection, prepared)
                assert result.code == 0, result.log.read_text()
            yield Bounded(started.connection, prepared, assembly)
        finally:
            lifecycle.down()


@pytest.fixture(scope="module")
def account(bounded: Bounded) -> Connection:
    return bounded.connection


def boundaries(account: Connection) -> dict[str, str | None]:
    """Role -> ARN of its boundary."""
    iam = account.client("iam")
    names = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    details = {name: iam.get_role(RoleName=name)["Role"] for name in names}
    return {name: role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") for name, role in details.items()}


def test_every_bootstrap_role_carries_the_boundary_and_the_qualifier(account: Connection) -> None:
    roles = {name: boundary for name, boundary in boundaries(account).items() if name.startswith("cdk-")}
    assert len(roles) == 5
    assert all(name.startswith(f"cdk-{QUALIFIER}-") for name in roles)
    assert set(roles.values()) == {BOUNDARY_ARN}


def test_the_execution_role_has_exactly_the_computed_policies(account: Connection, bounded: Bounded) -> None:
    iam = account.client("iam")
    (role,) = [name for name in boundaries(account) if "cfn-exec-role" in name]
    attached = [policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
    assert sorted(attached) == sorted(policy.arn for policy in bounded.kit.policies)


def test_a_role_without_the_boundary_is_refused_by_the_policies_as_the_account_holds_them(
    account: Connection, bounded: Bounded
) -> None:
    iam = account.client("iam")
    held = []
    for policy in bounded.kit.policies:
        version = iam.get_policy(PolicyArn=policy.arn)["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=policy.arn, VersionId=version)
        held.append(document(answer["PolicyVersion"]["Document"]))
    role = f"arn:aws:iam::{ACCOUNT}:role/agency/sandbox-dev-Network-Role"
    assert decide(held, Request("iam:CreateRole", role, {"iam:PermissionsBoundary": BOUNDARY_ARN})) == "allowed"
    assert decide(held, Request("iam:CreateRole", role)) == "denied"


def test_every_role_of_the_deployed_stacks_carries_the_boundary(account: Connection, bounded: Bounded) -> None:
    run = deployment.deploy(account, bounded.assembly, ["Network"])
    assert run.code == 0, run.log.read_text()[-3000:]
    made = of_type(resources(account.client("cloudformation"), "sandbox-dev-"), "IAM::Role")
    assert len(made) >= 2
    assert {boundaries(account)[name] for name in made} == {BOUNDARY_ARN}


def test_a_repeated_bootstrap_keeps_one_policy_with_the_newest_version(account: Connection, bounded: Bounded) -> None:
    for policy in bounded.kit.policies:
        versions = account.client("iam").list_policy_versions(PolicyArn=policy.arn)["Versions"]
        assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v2"]


def test_the_policy_keeps_five_versions_at_most(account: Connection) -> None:
    from govml.local.bootstrap import _put_policy

    iam = account.client("iam")
    for number in range(8):
        statement = {"Effect": "Allow", "Action": f"s3:GetObject{number}", "Resource": "*"}
        arn = _put_policy(iam, account.account, "many", {"Version": "2012-10-17", "Statement": [statement]})
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert len(versions) == 5
    assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v8"]


def test_the_staging_bucket_is_private_and_encrypted(account: Connection) -> None:
    s3 = account.client("s3")
    bucket = f"cdk-{QUALIFIER}-assets-{ACCOUNT}-ap-southeast-1"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    stored = s3.put_object(Bucket=bucket, Key="asset", Body=b"x", ServerSideEncryption="aws:kms")
    assert stored["ServerSideEncryption"] == "aws:kms"
