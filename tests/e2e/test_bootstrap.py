"""`cdk bootstrap` with what landing zones demand. It changes the account's bootstrap roles, so it has an account of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from govml.bootstrap.kit import Kit, ManagedPolicy
from govml.local import Connection, lifecycle
from govml.local.bootstrap import bootstrap

pytestmark = pytest.mark.local_account

BOUNDARY, ACCOUNT = "GCCIAccountBoundary", "222233334444"
ARN = f"arn:aws:iam::{ACCOUNT}:policy/bootstrap/mini-dev-execution-1"
STATEMENT = {
    "Sid": "Buckets",
    "Effect": "Allow",
    "Action": ["s3:CreateBucket"],
    "Resource": ["arn:aws:s3:::mini-dev-*"],
}
KIT = Kit(
    account=ACCOUNT,
    region="ap-southeast-1",
    environments=("dev",),
    policies=(ManagedPolicy("mini-dev-execution-1", ARN, {"Version": "2012-10-17", "Statement": [STATEMENT]}),),
    arguments=(
        *("bootstrap", f"aws://{ACCOUNT}/ap-southeast-1", "--qualifier", "mini1"),
        *("--toolkit-stack-name", "CDKToolkit-mini1", "--cloudformation-execution-policies", ARN),
        *("--custom-permissions-boundary", BOUNDARY, "--apply-permissions-boundary-to-all-roles"),
        *("--tags", "Project-Code=MINI", "--termination-protection"),
    ),
    qualifier="mini1",
    permissions_boundary=BOUNDARY,
)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with pytest.MonkeyPatch.context() as patch, socket.socket() as probe:
        patch.setenv("GOVML_STATE_DIR", str(tmp_path_factory.mktemp("bounded")))
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        started = lifecycle.up(account_id=ACCOUNT, region="ap-southeast-1", port=port)
        try:
            for _ in range(2):  # it may be repeated
                result = bootstrap(started.connection, KIT)
                assert result.code == 0, result.log.read_text()
            yield started.connection
        finally:
            lifecycle.down()


def test_every_bootstrap_role_carries_the_boundary(account: Connection) -> None:
    iam = account.client("iam")
    roles = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    assert len(roles) == 5
    assert all(name.startswith("cdk-mini1-") for name in roles)
    for name in roles:
        boundary = iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
        assert boundary == f"arn:aws:iam::{account.account}:policy/{BOUNDARY}"


def test_a_repeated_bootstrap_keeps_one_policy_with_the_newest_version(account: Connection) -> None:
    iam = account.client("iam")
    versions = iam.list_policy_versions(PolicyArn=ARN)["Versions"]
    assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v2"]


def test_the_policy_keeps_five_versions_at_most(account: Connection, tmp_path: Path) -> None:
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
    (bucket,) = [item["Name"] for item in s3.list_buckets()["Buckets"]]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    stored = s3.put_object(Bucket=bucket, Key="asset", Body=b"x", ServerSideEncryption="aws:kms")
    assert stored["ServerSideEncryption"] == "aws:kms"
