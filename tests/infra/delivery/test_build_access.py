"""`BuildAccess`, `build_statements`: builds reach the artefact store, their subnets and two bootstrap roles."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION, Deployment
from identities import Identity

EC2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
CODEBUILD = {"ec2:AuthorizedService": "codebuild.amazonaws.com"}


@pytest.fixture
def build(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["BuildRole"].one("AWS::IAM::Role"), bench["BuildRole"].template.all())


@pytest.fixture
def delivery(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["DeliveryRole"].one("AWS::IAM::Role"), bench["DeliveryRole"].template.all())


def test_both_roles_use_the_artefact_store_by_its_own_policy_and_no_other_bucket(sandbox: Deployment) -> None:
    everything = list(sandbox.resources())
    (store,) = [each for each in sandbox.resources("AWS::S3::Bucket") if "/Artefacts/" in each.path]
    (guard,) = [
        each.properties["PolicyDocument"]
        for each in sandbox.resources("AWS::S3::BucketPolicy")
        if each.properties["Bucket"] == store.name
    ]
    tls = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
    roles = [each for each in sandbox.resources("AWS::IAM::Role") if each.path.startswith("sandbox-dev/Cicd/")]
    assert len(roles) == 3
    for resource in roles:
        role = Identity(resource, everything)
        assert role.asks("s3:PutObject", f"{store.arn}/x", tls, guard) == "allowed"
        assert role.asks("s3:DeleteObject", f"{store.arn}/x", tls, guard) == "not allowed"
        assert not role.may("s3:GetObject", f"{store.arn}/x")  # the store lets it in, not a permission of its own
        assert not role.may("s3:PutBucketPolicy", store.arn)
    stranger = next(each for each in sandbox.resources("AWS::IAM::Role") if "/MlPlatform/" in each.path)
    assert Identity(stranger, everything).asks("s3:GetObject", f"{store.arn}/x", tls, guard) == "not allowed"


def test_both_roles_use_the_key_of_the_store(bench: Mapping[str, Stand], build: Identity, delivery: Identity) -> None:
    for role in (build, delivery):
        assert role.may("kms:GenerateDataKey", bench["DataKey"].one("AWS::KMS::Key").arn)


def test_builds_open_interfaces_in_their_subnets_for_codebuild_only(
    bench: Mapping[str, Stand], build: Identity
) -> None:
    subnet = f"{EC2}:subnet/{bench['Network'].all('AWS::EC2::Subnet')[0].name}"
    interface = f"{EC2}:network-interface/eni-1"
    assert build.may("ec2:CreateNetworkInterface", subnet)
    assert not build.may("ec2:CreateNetworkInterface", f"{EC2}:subnet/other")
    permission = "ec2:CreateNetworkInterfacePermission"
    assert build.may(permission, interface, {**CODEBUILD, "ec2:Subnet": subnet})
    assert not build.may(permission, interface, {**CODEBUILD, "ec2:Subnet": f"{EC2}:subnet/other"})
    assert not build.may(permission, interface, {"ec2:AuthorizedService": "other.example", "ec2:Subnet": subnet})
    assert not build.may("ec2:DeleteNetworkInterface", interface, {"ec2:Subnet": f"{EC2}:subnet/other"})


def test_the_pipeline_itself_opens_no_interface(bench: Mapping[str, Stand], delivery: Identity) -> None:
    subnet = f"{EC2}:subnet/{bench['Network'].all('AWS::EC2::Subnet')[0].name}"
    assert not delivery.may("ec2:CreateNetworkInterface", subnet)


@pytest.mark.parametrize(
    ("role", "allowed"), [("deploy", True), ("file-publishing", True), ("cfn-exec", False), ("image-publishing", False)]
)
def test_a_deployment_takes_two_bootstrap_roles_of_this_account_and_region(
    build: Identity, role: str, allowed: bool
) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-{role}-role-{ACCOUNT}-{REGION}"
    assert build.may("sts:AssumeRole", arn) is allowed
    assert not build.may("sts:AssumeRole", arn.replace(REGION, "us-east-1"))
    assert not build.may("sts:AssumeRole", arn.replace(ACCOUNT, "9" * 12))


def test_packages_come_from_the_one_repository_and_none_is_published(
    bench: Mapping[str, Stand], build: Identity
) -> None:
    repositories = {
        each.properties["RepositoryName"]: each for each in bench["Packages"].all("AWS::CodeArtifact::Repository")
    }
    ours = repositories.pop("bench-packages").arn
    assert build.may("codeartifact:ReadFromRepository", ours)
    assert not build.may("codeartifact:PublishPackageVersion", ours)
    for upstream in repositories.values():
        assert not build.may("codeartifact:ReadFromRepository", upstream.arn)
    assert build.may("sts:GetServiceBearerToken", "*", {"sts:AWSServiceName": "codeartifact.amazonaws.com"})
    assert not build.may("sts:GetServiceBearerToken", "*", {"sts:AWSServiceName": "ecr.amazonaws.com"})


def test_the_pipeline_starts_the_named_builds_and_asks_for_approval(
    bench: Mapping[str, Stand], delivery: Identity
) -> None:
    assert delivery.may("codebuild:StartBuild", bench["Build"].one("AWS::CodeBuild::Project").arn)
    assert not delivery.may("codebuild:StartBuild", f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/other")
    assert delivery.may("sns:Publish", bench["Alerts"].one("AWS::SNS::Topic").arn)
    assert not delivery.may("codeconnections:UseConnection", f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/x")
