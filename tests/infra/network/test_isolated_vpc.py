"""`IsolatedVpc` and `TierSecurityGroup`: no way to the internet, flow logs, and groups that start closed."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

NOWHERE = "255.255.255.255/32"  # a group without any egress rule allows all traffic out; CDK closes it with this one


def test_there_is_no_way_to_the_internet(bench: Mapping[str, Stand]) -> None:
    types = {each.type for each in bench["Network"].all()}
    forbidden = ("InternetGateway", "NatGateway", "EIP", "VPCGatewayAttachment", "::Route", "TransitGateway")
    assert not {name for name in types for word in forbidden if name.endswith(word) or f"{word}A" in name}


def test_subnets_give_no_public_address(bench: Mapping[str, Stand]) -> None:
    subnets = bench["Network"].all("AWS::EC2::Subnet")
    assert len(subnets) == 2
    assert not any(each.properties.get("MapPublicIpOnLaunch", False) for each in subnets)


def test_each_subnet_is_in_a_zone_of_its_own_and_they_share_the_range(bench: Mapping[str, Stand]) -> None:
    subnets = [each.properties for each in bench["Network"].all("AWS::EC2::Subnet")]
    assert {each["AvailabilityZone"] for each in subnets} == {f"{REGION}a", f"{REGION}b"}
    assert {each["CidrBlock"] for each in subnets} == {"10.9.0.0/23", "10.9.2.0/23"}


def test_all_flows_are_logged(bench: Mapping[str, Stand]) -> None:
    flow_log = bench["Network"].one("AWS::EC2::FlowLog").properties
    assert (flow_log["ResourceType"], flow_log["TrafficType"]) == ("VPC", "ALL")
    assert flow_log["ResourceId"] == bench["Network"].one("AWS::EC2::VPC").name
    assert flow_log["LogGroupName"] == bench["LogGroup"].one("AWS::Logs::LogGroup").name


def test_flow_logs_are_delivered_by_a_role_that_can_do_nothing_else(bench: Mapping[str, Stand]) -> None:
    role = Identity(bench["Network"].one("AWS::IAM::Role"), bench["Network"].all())
    log_group = bench["LogGroup"].one("AWS::Logs::LogGroup").arn
    assert bench["Network"].one("AWS::EC2::FlowLog").properties["DeliverLogsPermissionArn"] == role.arn
    assert role.assumed_by("vpc-flow-logs.amazonaws.com", source=f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/fl-1")
    assert role.may("logs:PutLogEvents", log_group)
    assert not role.may("logs:PutLogEvents", log_group.replace("log-group:", "log-group:other-"))
    assert not role.may("logs:CreateLogGroup", log_group)


def test_a_tier_starts_without_any_rule(bench: Mapping[str, Stand]) -> None:
    for tier in ("JobTier", "EndpointTier"):
        group = bench[tier].one("AWS::EC2::SecurityGroup").properties
        assert "SecurityGroupIngress" not in group
        assert {each["CidrIp"] for each in group.get("SecurityGroupEgress", [])} <= {NOWHERE}


def test_rules_name_groups_and_never_addresses(bench: Mapping[str, Stand]) -> None:
    jobs, endpoints = (bench[tier].one("AWS::EC2::SecurityGroup").name for tier in ("JobTier", "EndpointTier"))
    found = set()
    for rule in bench["JobTier"].template.all("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        properties = rule.properties
        assert properties.get("CidrIp", NOWHERE) == NOWHERE
        assert not {"CidrIpv6", "SourcePrefixListId", "DestinationPrefixListId"} & set(properties)
        other = properties.get("SourceSecurityGroupId") or properties.get("DestinationSecurityGroupId")
        if other and {properties["GroupId"], other} <= {jobs, endpoints}:  # tiers of stores stand in their own tests
            ports = properties["FromPort"], properties["ToPort"]
            found.add((rule.type.removeprefix("AWS::EC2::SecurityGroup"), properties["GroupId"], other, *ports))
    assert found == {
        ("Egress", jobs, endpoints, 443, 443),
        ("Ingress", endpoints, jobs, 443, 443),
        ("Egress", jobs, jobs, 0, 65535),
        ("Ingress", jobs, jobs, 0, 65535),
    }
