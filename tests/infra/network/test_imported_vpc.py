"""`ImportedVpc`, groups that are given, endpoints for an organisation, names in hosted zones, S3 over a route."""

from __future__ import annotations

from collections.abc import Mapping

from bench import IMPORTED_VPC, ORGANIZATION, Stand
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide


def test_nothing_is_made_in_an_imported_vpc_but_the_flow_log_that_was_asked_for(bench: Mapping[str, Stand]) -> None:
    stand = bench["ImportedNetwork"]
    assert {each.type for each in stand.all()} == {"AWS::EC2::FlowLog", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}
    flow_log = stand.one("AWS::EC2::FlowLog").properties
    assert (flow_log["ResourceId"], flow_log["TrafficType"]) == (IMPORTED_VPC, "ALL")


def test_a_group_that_is_given_is_used_and_gets_no_rule(bench: Mapping[str, Stand]) -> None:
    assert bench["GivenTier"].all() == []
    assert bench["GivenTier"].construct.group_id == "sg-0123456789abcdef0"
    for rule in bench["GivenTier"].template.all("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        assert rule.properties["GroupId"] != "sg-0123456789abcdef0"


def named(bench: Mapping[str, Stand], service: str) -> dict[str, object]:
    (found,) = [
        each.properties
        for each in bench["NamedEndpoints"].all("AWS::EC2::VPCEndpoint")
        if each.properties["ServiceName"] == f"com.amazonaws.{REGION}.{service}"
    ]
    return found


def test_without_private_dns_an_endpoint_answers_under_no_usual_name(bench: Mapping[str, Stand]) -> None:
    for service in ("s3", "logs", "sts"):
        assert named(bench, service)["PrivateDnsEnabled"] is False
        assert "DnsOptions" not in named(bench, service)


def test_callers_and_resources_may_be_of_the_whole_organisation_and_no_other(bench: Mapping[str, Stand]) -> None:
    document = named(bench, "logs")["PolicyDocument"]
    ours = {"aws:PrincipalOrgID": ORGANIZATION, "aws:ResourceOrgID": ORGANIZATION}
    request = Request("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:x", ours)
    assert decide([document], request) == "allowed"
    for key in ours:
        stranger = {**ours, key: "o-zzzzzzzzzz"}
        assert decide([document], Request(request.action, request.resource, stranger)) == "not allowed"
    assert (
        decide([document], Request(request.action, request.resource, {"aws:PrincipalAccount": ACCOUNT}))
        == "not allowed"
    )


def test_credentials_belong_to_nobody_so_only_the_caller_s_organisation_counts(bench: Mapping[str, Stand]) -> None:
    document = named(bench, "sts")["PolicyDocument"]
    for organization, answer in ((ORGANIZATION, "allowed"), ("o-zzzzzzzzzz", "not allowed")):
        request = Request("sts:GetCallerIdentity", "*", {"aws:PrincipalOrgID": organization})
        assert decide([document], request) == answer


def test_a_hosted_zone_s_name_and_all_under_it_lead_to_the_endpoint(bench: Mapping[str, Stand]) -> None:
    records = [each.properties for each in bench["Records"].all("AWS::Route53::RecordSet")]
    name = f"logs.{REGION}.amazonaws.com"
    assert {each["Name"] for each in records} == {name, f"*.{name}"}
    for each in records:
        assert (each["HostedZoneId"], each["Type"]) == ("Z0123456789ABC", "A")
        assert each["AliasTarget"]["HostedZoneId"] == "ZENDPOINT"
        assert each["AliasTarget"]["DNSName"].startswith("bench-namedendpointslogs")


def test_s3_over_a_route_has_the_same_policy_as_over_an_interface(bench: Mapping[str, Stand]) -> None:
    gateway = bench["S3Gateway"].one("AWS::EC2::VPCEndpoint").properties
    (interface,) = [
        each.properties
        for each in bench["Endpoints"].all("AWS::EC2::VPCEndpoint")
        if each.properties["ServiceName"].endswith(".s3")
    ]
    assert (gateway["VpcEndpointType"], gateway["RouteTableIds"]) == ("Gateway", ["rtb-0123456789abcdef0"])
    assert gateway["PolicyDocument"] == interface["PolicyDocument"]
    assert not {"SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"} & set(gateway)
