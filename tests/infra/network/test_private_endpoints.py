"""`PrivateEndpoints`: private names, one group, and a policy that lets neither strangers in nor data out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide

from govml_constructs.network.endpoint_policy import endpoint_policy

OURS = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
LAYER = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/layer"


def endpoint(bench: Mapping[str, Stand], service: str) -> dict[str, Any]:
    name = service if service.startswith("aws.") else f"com.amazonaws.{REGION}.{service}"
    (found,) = [
        each.properties
        for each in bench["Endpoints"].all("AWS::EC2::VPCEndpoint")
        if each.properties["ServiceName"] == name
    ]
    return found


def ask(bench: Mapping[str, Stand], service: str, context: Mapping[str, str], resource: str, action: str) -> str:
    return decide([endpoint(bench, service)["PolicyDocument"]], Request(action, resource, context))


def test_every_service_has_its_endpoint_with_private_names(bench: Mapping[str, Stand]) -> None:
    for service in ("s3", "kms", "bedrock-runtime", f"aws.sagemaker.{REGION}.studio"):
        properties = endpoint(bench, service)
        assert properties["VpcEndpointType"] == "Interface"
        assert properties["PrivateDnsEnabled"] is True


def test_s3_names_resolve_inside_the_vpc_without_a_gateway_endpoint(bench: Mapping[str, Stand]) -> None:
    assert endpoint(bench, "s3")["DnsOptions"] == {"PrivateDnsOnlyForInboundResolverEndpoint": "AllResolvers"}
    assert "DnsOptions" not in endpoint(bench, "kms")


def test_every_endpoint_is_in_every_zone_and_in_the_endpoint_tier_only(bench: Mapping[str, Stand]) -> None:
    subnets = {each.name for each in bench["Network"].all("AWS::EC2::Subnet")}
    group = bench["EndpointTier"].one("AWS::EC2::SecurityGroup").name
    for each in bench["Endpoints"].all("AWS::EC2::VPCEndpoint"):
        assert set(each.properties["SubnetIds"]) == subnets
        assert each.properties["SecurityGroupIds"] == [group]


@pytest.mark.parametrize("service", ["s3", "kms", f"aws.sagemaker.{REGION}.studio"])
def test_callers_and_resources_must_be_of_this_account(bench: Mapping[str, Stand], service: str) -> None:
    resource = "arn:aws:s3:::some-bucket/key"
    assert ask(bench, service, OURS, resource, "s3:PutObject") == "allowed"
    for key in OURS:
        assert ask(bench, service, {**OURS, key: "999999999999"}, resource, "s3:PutObject") == "not allowed"
    assert ask(bench, service, {}, resource, "s3:PutObject") == "not allowed"


def test_models_belong_to_nobody_so_only_the_caller_counts(bench: Mapping[str, Stand]) -> None:
    model = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0"
    caller, stranger = {"aws:PrincipalAccount": ACCOUNT}, {"aws:PrincipalAccount": "9" * 12}
    assert ask(bench, "bedrock-runtime", caller, model, "bedrock:InvokeModel") == "allowed"
    assert ask(bench, "bedrock-runtime", stranger, model, "bedrock:InvokeModel") == "not allowed"


@pytest.mark.parametrize(
    ("service", "allowed", "refused"),
    [
        ("ecr.dkr", "ecr:BatchGetImage", "ecr:PutImage"),
        ("ecr.api", "ecr:GetDownloadUrlForLayer", "ecr:UploadLayerPart"),
        ("sts", "sts:GetCallerIdentity", "sts:AssumeRole"),
        ("bedrock-runtime", "bedrock:InvokeModel", "bedrock:ApplyGuardrail"),
    ],
)
def test_of_others_images_are_read_and_models_asked_and_nothing_leaves(
    service: str, allowed: str, refused: str
) -> None:
    policy = endpoint_policy(service, REGION, organization_id="o-ours")
    foreign = {"aws:PrincipalOrgID": "o-ours", "aws:ResourceOrgID": "o-other"}
    own = {"aws:PrincipalOrgID": "o-ours", "aws:ResourceOrgID": "o-ours"}
    assert decide([policy], Request(allowed, "arn:aws:x:::y", foreign)) == "allowed"
    assert decide([policy], Request(refused, "arn:aws:x:::y", foreign)) == "not allowed"
    assert decide([policy], Request(refused, "arn:aws:x:::y", own)) == "allowed"
    assert decide([policy], Request(allowed, "arn:aws:x:::y", {"aws:PrincipalOrgID": "o-other"})) == "not allowed"


PACKAGE = f"arn:aws:s3:::assets-421485864821-{REGION}/package"


@pytest.mark.parametrize("stored", [LAYER, PACKAGE])
def test_what_services_store_can_be_read_by_whoever_they_sign_for_and_not_written(
    bench: Mapping[str, Stand], stored: str
) -> None:
    signed_by_the_service = {"aws:PrincipalAccount": "888888888888", "aws:ResourceAccount": "999999999999"}
    assert ask(bench, "s3", signed_by_the_service, stored, "s3:GetObject") == "allowed"
    assert ask(bench, "s3", signed_by_the_service, stored, "s3:PutObject") == "not allowed"
    assert ask(bench, "s3", signed_by_the_service, stored.replace("s3:::", "s3:::my-"), "s3:GetObject") == "not allowed"
