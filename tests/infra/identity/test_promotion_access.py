"""The promotion contract: what the next environment may read of this one, and that none of its neighbours may."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from aws_cdk import App
from cfn_templates import REGION, Deployment, Resource, read_deployment
from iam_simulator import Policy, Request, decide

import app as entry
from govml.rules.options_file import save_options
from govml_constructs.validation.nag_packs import register_packs

DEV, UAT, PROD = "123456789012", "123456789012", "210987654321"
KEY = f"arn:aws:kms:{REGION}:{UAT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EVIDENCE_KEY = KEY.replace("1234abcd", "abcd1234")
AGENCY: dict[str, Any] = {
    "agency": "mini",
    "project_code": "MINI",
    "owner": "team@example.gov.sg",
    "data_classification": "restricted",
    "maturity": "stage1",
    "features": {"release": True},
    "iam": {"deployment_roles": ["ci/Deployer"], "role_path": "/agency/"},
    "environments": {
        "dev": {"account": DEV, "cidr": "10.1.0.0/22"},
        "uat": {
            "account": UAT,
            "cidr": "10.2.0.0/22",
            "shared": {
                "artifacts_bucket": "uat-artifacts",
                "evidence_bucket": "uat-evidence",
                "ml_key": KEY,
                "logs_key": EVIDENCE_KEY,
            },
        },
        "prod": {"account": PROD, "cidr": "10.3.0.0/22"},
    },
    "use_cases": {
        name: {"acceptance": {"mape": {"max": 5}}, "endpoint": {}, "release": {"approvers": ["Boss"]}}
        for name in ("hdb_resale", "travel_time")
    }
    | {"unserved": {"acceptance": {"mape": {"max": 5}}}},
}
PROMOTER = f"arn:aws:iam::{PROD}:role/agency/mini-prod.promoter"
SERVER = f"arn:aws:iam::{PROD}:role/agency/mini-prod-Serving-hdbresale-Role-1ABC"
NEIGHBOURS = [
    f"arn:aws:iam::{PROD}:role/agency/mini-prod-someone",
    f"arn:aws:iam::{PROD}:role/mini-prod.promoter",
    "arn:aws:iam::999999999999:role/agency/mini-prod.promoter",
    f"arn:aws:iam::{PROD}:user/mini-prod.promoter",
]
THROUGH_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
DIGEST = "0" * 64


@dataclass(frozen=True)
class Account:
    """What was synthesised, asked as IAM would be asked."""

    deployment: Deployment

    def one(self, environment: str, type_name: str, path: str = "") -> Resource:
        found = [
            each
            for name, template in self.deployment.templates.items()
            if name.startswith(f"mini-{environment}/")
            for each in template.all(type_name)
            if path in each.path
        ]
        assert len(found) == 1, [each.path for each in found]
        return found[0]

    def source(self, what: str) -> tuple[Policy, str]:
        """Return the policy of one of uat's resources, and the resource's ARN."""
        kind, path, key = {
            "artifacts": ("AWS::S3::BucketPolicy", "Lake/Artifacts/", "PolicyDocument"),
            "evidence": ("AWS::S3::BucketPolicy", "Audit/Evidence/", "PolicyDocument"),
            "ml": ("AWS::KMS::Key", "MlKey", "KeyPolicy"),
            "logs": ("AWS::KMS::Key", "LogsKey", "KeyPolicy"),
            "data": ("AWS::KMS::Key", "DataKey", "KeyPolicy"),
            "group": ("AWS::SageMaker::ModelPackageGroup", "RegistryHdbResale", "ModelPackageGroupPolicy"),
            "images": ("AWS::ECR::Repository", "Images", "RepositoryPolicyText"),
        }[what]
        resource = self.one("uat", kind, path)
        bucket = resource.properties.get("Bucket")
        return resource.properties[key], f"arn:aws:s3:::{bucket}" if bucket else resource.arn


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory, new_app: Callable[..., App]) -> Account:
    folder = tmp_path_factory.mktemp("promotion")
    (folder / "mini.yaml").write_text(json.dumps(AGENCY))
    app = new_app(folder / "out", config=str(folder / "mini.yaml"))
    register_packs(app)
    options = entry.build(app)
    app.synth()  # raises when either nag pack has an open finding
    save_options(folder / "out", options)
    return Account(read_deployment(folder / "out"))


def ask(
    account: Account, what: str, action: str, suffix: str, *, by: str, context: Mapping[str, str] | None = None
) -> str:
    policy, arn = account.source(what)
    told = {"aws:PrincipalArn": by, "aws:SecureTransport": "true", "s3:TlsVersion": "1.3", **(context or {})}
    return decide([policy], Request(action, f"{arn}{suffix}", told, principal=by))


READS: list[tuple[str, str, str, dict[str, str]]] = [
    ("artifacts", "s3:GetObject", f"/hdb-resale/released/{DIGEST}/model.tar.gz", {}),
    ("artifacts", "s3:ListBucket", "", {"s3:prefix": f"travel-time/released/{DIGEST}/"}),
    ("evidence", "s3:GetObject", "/ledger/hdb-resale/0000000001.json", {}),
    ("evidence", "s3:GetObject", "/checks/travel-time/x.json", {}),
    ("evidence", "s3:ListBucket", "", {"s3:prefix": "ledger/hdb-resale/"}),
    ("evidence", "s3:ListBucketVersions", "", {"s3:prefix": "ledger/hdb-resale/"}),
    ("ml", "kms:Decrypt", "", THROUGH_S3),
    ("logs", "kms:Decrypt", "", THROUGH_S3),
]


@pytest.mark.parametrize(("what", "action", "suffix", "context"), READS)
def test_the_promoter_of_the_next_environment_reads_what_was_released_and_nobody_else_does(
    account: Account, what: str, action: str, suffix: str, context: dict[str, str]
) -> None:
    assert ask(account, what, action, suffix, by=PROMOTER, context=context) == "allowed"
    for neighbour in NEIGHBOURS:
        assert ask(account, what, action, suffix, by=neighbour, context=context) != "allowed", neighbour


BESIDE: list[tuple[str, str, str, dict[str, str]]] = [
    ("artifacts", "s3:GetObject", "/hdb-resale/runs/1/model.tar.gz", {}),
    ("artifacts", "s3:GetObject", f"/unserved/released/{DIGEST}/model.tar.gz", {}),
    ("artifacts", "s3:GetObject", f"/other/hdb-resale/released/{DIGEST}/model.tar.gz", {}),
    ("artifacts", "s3:PutObject", f"/hdb-resale/released/{DIGEST}/model.tar.gz", {}),
    ("artifacts", "s3:DeleteObject", f"/hdb-resale/released/{DIGEST}/model.tar.gz", {}),
    ("artifacts", "s3:ListBucket", "", {"s3:prefix": "hdb-resale/"}),
    ("artifacts", "s3:ListBucket", "", {}),
    ("evidence", "s3:GetObject", "/ledger/unserved/0000000001.json", {}),
    ("evidence", "s3:GetObject", "/received/hdb-resale/x.json", {}),
    ("evidence", "s3:PutObject", "/ledger/hdb-resale/0000000002.json", {}),
    ("evidence", "s3:ListBucket", "", {"s3:prefix": "ledger/"}),
    ("ml", "kms:Decrypt", "", {}),
    ("ml", "kms:Decrypt", "", {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}),
    ("ml", "kms:GenerateDataKey", "", THROUGH_S3),
    ("data", "kms:Decrypt", "", THROUGH_S3),
]


@pytest.mark.parametrize(("what", "action", "suffix", "context"), BESIDE)
def test_the_promoter_reads_nothing_beside_it_and_writes_nothing(
    account: Account, what: str, action: str, suffix: str, context: dict[str, str]
) -> None:
    assert ask(account, what, action, suffix, by=PROMOTER, context=context) != "allowed"


def test_versions_of_the_group_are_seen_by_the_promoter_and_not_changed(account: Account) -> None:
    policy, _ = account.source("group")
    registry = f"arn:aws:sagemaker:{REGION}:{UAT}"
    version, group = (
        f"{registry}:model-package/mini-uat-hdb-resale/3",
        f"{registry}:model-package-group/mini-uat-hdb-resale",
    )

    def may(action: str, resource: str, principal: str = PROMOTER) -> bool:
        request = Request(action, resource, {"aws:PrincipalArn": principal}, principal=principal)
        return decide([policy], request) == "allowed"

    assert may("sagemaker:DescribeModelPackage", version)
    assert may("sagemaker:DescribeModelPackageGroup", group)
    assert not may("sagemaker:DescribeModelPackage", version.replace("hdb-resale", "travel-time"))
    for action in ("sagemaker:UpdateModelPackage", "sagemaker:DeleteModelPackage", "sagemaker:CreateModelPackage"):
        assert not may(action, version)
    for neighbour in NEIGHBOURS:
        assert not may("sagemaker:DescribeModelPackage", version, neighbour)


@pytest.mark.parametrize(
    ("principal", "tag", "verdict"),
    [
        (SERVER, "hdb-resale", "allowed"),
        (SERVER, "unserved", "not allowed"),
        (SERVER.replace(PROD, "999999999999"), "hdb-resale", "not allowed"),
        (SERVER.replace("mini-prod", "other-prod"), "hdb-resale", "not allowed"),
        (PROMOTER, "", "not allowed"),
    ],
)
def test_images_are_pulled_by_roles_of_promoted_use_cases(
    account: Account, principal: str, tag: str, verdict: str
) -> None:
    policy, arn = account.source("images")
    told = {"aws:PrincipalArn": principal, **({"aws:PrincipalTag/govml-use-case": tag} if tag else {})}
    assert decide([policy], Request("ecr:BatchGetImage", arn, told, principal=principal)) == verdict
    assert decide([policy], Request("ecr:PutImage", arn, told, principal=principal)) == "not allowed"


def promoter(account: Account, environment: str) -> tuple[list[Policy], Policy]:
    role = account.one(environment, "AWS::IAM::Role", "/Promotion/Promoter/")
    assert role.properties["RoleName"] == f"mini-{environment}.promoter"
    policy = account.one(environment, "AWS::IAM::ManagedPolicy", "/Promotion/Promoter/").properties["PolicyDocument"]
    return [policy], role.properties["AssumeRolePolicyDocument"]


def test_both_halves_of_the_contract_agree(account: Account) -> None:
    """What the source lets the promoter read, the promoter's own policy lets it read, too: across accounts both must."""
    own, _ = promoter(account, "prod")
    names = {"artifacts": "arn:aws:s3:::uat-artifacts", "evidence": "arn:aws:s3:::uat-evidence"}
    names |= {"ml": KEY, "logs": EVIDENCE_KEY}
    for what, action, suffix, context in READS:
        assert decide(own, Request(action, f"{names[what]}{suffix}", context)) == "allowed", (what, action)
    for what, action, suffix, context in BESIDE:
        if what in names:
            assert decide(own, Request(action, f"{names[what]}{suffix}", context)) != "allowed", (what, action, suffix)
    seen = f"arn:aws:sagemaker:{REGION}:{UAT}:model-package/mini-uat-hdb-resale/3"
    assert decide(own, Request("sagemaker:DescribeModelPackage", seen)) == "allowed"


def test_the_promoter_registers_what_others_approve(account: Account) -> None:
    own, _ = promoter(account, "prod")
    versions = f"arn:aws:sagemaker:{REGION}:{DEV}:model-package/mini-prod-hdb-resale/1".replace(DEV, PROD)

    def may(action: str, status: str) -> bool:
        return decide(own, Request(action, versions, {"sagemaker:ModelApprovalStatus": status})) == "allowed"

    assert may("sagemaker:CreateModelPackage", "PendingManualApproval")
    assert not may("sagemaker:CreateModelPackage", "Approved")
    assert not may("sagemaker:UpdateModelPackage", "Approved")


def test_the_promoter_checks_what_is_deployed_in_its_own_environment(account: Account) -> None:
    own, _ = promoter(account, "prod")

    def may(action: str, resource: str) -> bool:
        return decide(own, Request(action, resource)) == "allowed"

    endpoint = f"arn:aws:sagemaker:{REGION}:{PROD}:endpoint/mini-prod-hdb-resale"
    stack = f"arn:aws:cloudformation:{REGION}:{PROD}:stack/mini-prod-Serving-hdb-resale/1"
    assert may("sagemaker:InvokeEndpoint", endpoint)
    assert may("cloudformation:DescribeStacks", stack)
    assert not may("sagemaker:InvokeEndpoint", endpoint.replace("hdb-resale", "unserved"))
    assert not may("sagemaker:UpdateEndpoint", endpoint)
    assert not may("cloudformation:UpdateStack", stack)


def test_only_roles_that_deploy_take_the_promoter_s(account: Account) -> None:
    _, trust = promoter(account, "prod")

    own = DEV  # what `AWS::AccountId` is in every template of the tests

    def may(principal: str, owner: str = PROD) -> bool:
        told = {"aws:PrincipalAccount": owner}
        return decide([trust], Request("sts:AssumeRole", PROMOTER, told, principal=principal)) == "allowed"

    assert may(f"arn:aws:iam::{own}:role/ci/Deployer")
    assert not may(f"arn:aws:iam::{own}:role/Boss")
    assert not may("arn:aws:iam::999999999999:role/ci/Deployer", "999999999999")


def test_within_one_account_only_keys_name_the_promoter(account: Account) -> None:
    """The promoter of uat reads dev by its own policy; a key names everybody who uses it."""
    for path in ("Lake/Artifacts/", "Audit/Evidence/"):
        bucket = account.one("dev", "AWS::S3::BucketPolicy", path).properties["PolicyDocument"]
        assert "mini-uat.promoter" not in json.dumps(bucket)
    group = account.one("dev", "AWS::SageMaker::ModelPackageGroup", "RegistryHdbResale")
    assert "ModelPackageGroupPolicy" not in group.properties
    key = account.one("dev", "AWS::KMS::Key", "MlKey")
    reader = f"arn:aws:iam::{UAT}:role/agency/mini-uat.promoter"
    told = {"aws:PrincipalArn": reader, **THROUGH_S3}
    assert decide([key.properties["KeyPolicy"]], Request("kms:Decrypt", key.arn, told, principal=reader)) == "allowed"
    own, _ = promoter(account, "uat")
    version = f"arn:aws:sagemaker:{REGION}:{DEV}:model-package/mini-dev-hdb-resale/3"
    assert decide(own, Request("sagemaker:DescribeModelPackage", version)) == "allowed"


def test_the_promoter_uses_its_own_environment_s_keys_through_s3(account: Account) -> None:
    key = account.one("uat", "AWS::KMS::Key", "LogsKey")
    own = f"arn:aws:iam::{UAT}:role/agency/mini-uat.promoter"

    def may(action: str, **context: str) -> bool:
        told = {"aws:PrincipalArn": own, **context}
        return decide([key.properties["KeyPolicy"]], Request(action, key.arn, told, principal=own)) == "allowed"

    assert may("kms:GenerateDataKey", **THROUGH_S3)
    assert not may("kms:GenerateDataKey")
    assert not may("kms:CreateGrant", **THROUGH_S3)


def test_in_the_first_environment_the_promoter_only_checks(account: Account) -> None:
    own, _ = promoter(account, "dev")
    assert (
        decide(
            own, Request("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:{REGION}:{DEV}:endpoint/mini-dev-hdb-resale")
        )
        == "allowed"
    )
    package = f"arn:aws:sagemaker:{REGION}:{DEV}:model-package/mini-dev-hdb-resale/1"
    told = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
    assert decide(own, Request("sagemaker:CreateModelPackage", package, told)) == "not allowed"


def test_endpoints_let_promotions_read_the_other_account_and_nothing_more(account: Account) -> None:
    found = {
        each.properties["ServiceName"].rsplit(".", 1)[-1]: each.properties["PolicyDocument"]
        for each in account.deployment.templates["mini-prod/Network"].all("AWS::EC2::VPCEndpoint")
    }
    theirs = {"aws:PrincipalAccount": DEV, "aws:ResourceAccount": UAT}

    def may(action: str, **context: str) -> bool:
        return (
            decide([found["s3"]], Request(action, "arn:aws:s3:::uat-artifacts/x", {**theirs, **context})) == "allowed"
        )

    # `AWS::AccountId` is the same made-up account in every template: the caller's own.
    assert may("s3:GetObject")
    assert not may("s3:GetObject", **{"aws:ResourceAccount": "999999999999"})
    assert not may("s3:GetObject", **{"aws:PrincipalAccount": "999999999999"})
