"""The network of the deployed sandbox, read back with boto3."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from deployed_resources import Resource, document, of_type

from govml.local import Connection
from govml.settings import Settings

pytestmark = pytest.mark.local_account


@pytest.fixture(scope="session")
def ec2(local_account: Connection) -> Any:
    return local_account.client("ec2")


@pytest.fixture(scope="session")
def in_vpc(found: list[Resource]) -> list[dict[str, Any]]:
    (vpc,) = of_type(found, "EC2::VPC")
    return [{"Name": "vpc-id", "Values": [vpc]}]


def test_there_is_no_way_to_the_internet(ec2: Any, in_vpc: list[dict[str, Any]]) -> None:
    vpc = in_vpc[0]["Values"][0]
    gateways = ec2.describe_internet_gateways()["InternetGateways"]
    assert not [gateway for gateway in gateways if vpc in json.dumps(gateway["Attachments"])]
    assert not [gateway for gateway in ec2.describe_nat_gateways()["NatGateways"] if gateway["VpcId"] == vpc]
    for table in ec2.describe_route_tables(Filters=in_vpc)["RouteTables"]:
        assert {route.get("GatewayId", "local") for route in table["Routes"]} <= {"local"}
        assert not any(route.get("NatGatewayId") for route in table["Routes"])


def test_subnets_give_no_public_address(ec2: Any, in_vpc: list[dict[str, Any]], settings: Settings) -> None:
    subnets = ec2.describe_subnets(Filters=in_vpc)["Subnets"]
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == settings.network.availability_zones
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)


def test_every_interface_endpoint_has_private_dns_and_a_policy_for_this_account(
    ec2: Any, found: list[Resource], local_account: Connection
) -> None:
    ids = of_type(found, "EC2::VPCEndpoint")
    assert len(ids) >= 15
    for endpoint in ec2.describe_vpc_endpoints(VpcEndpointIds=ids)["VpcEndpoints"]:
        assert endpoint["VpcEndpointType"] == "Interface"
        assert endpoint["PrivateDnsEnabled"]
        assert endpoint["Groups"]
        for statement in document(endpoint["PolicyDocument"])["Statement"]:
            if "Condition" in statement:
                assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == local_account.account
            else:  # what AWS's own services sign: reading from two buckets of theirs, and nothing else
                assert statement["Action"] == "s3:GetObject"
                assert all(re.search("starport-layer-bucket/|assets-[0-9]{12}-", arn) for arn in statement["Resource"])
                assert endpoint["ServiceName"].endswith(".s3")


def test_the_services_that_work_without_internet_are_there(ec2: Any, found: list[Resource], settings: Settings) -> None:
    ids = of_type(found, "EC2::VPCEndpoint")
    names = {
        endpoint["ServiceName"].removeprefix(f"com.amazonaws.{settings.region}.")
        for endpoint in ec2.describe_vpc_endpoints(VpcEndpointIds=ids)["VpcEndpoints"]
    }
    assert {"s3", "kms", "logs", "sts", "ecr.api", "ecr.dkr", "sagemaker.api", "bedrock-runtime"} <= names


def test_all_flows_are_logged_to_an_encrypted_log_group(
    ec2: Any, in_vpc: list[dict[str, Any]], local_account: Connection, found: list[Resource]
) -> None:
    flow_logs = ec2.describe_flow_logs()["FlowLogs"]
    (flow_log,) = [log for log in flow_logs if log["ResourceId"] == in_vpc[0]["Values"][0]]
    assert flow_log["TrafficType"] == "ALL"
    assert flow_log["DeliverLogsPermissionArn"].split("/")[-1] in of_type(found, "IAM::Role")
    name = flow_log.get("LogGroupName") or flow_log["LogDestination"]
    groups = local_account.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert groups[0]["kmsKeyId"]


def test_no_security_group_is_open_to_the_world(ec2: Any, in_vpc: list[dict[str, Any]]) -> None:
    groups = ec2.describe_security_groups(Filters=in_vpc)["SecurityGroups"]
    assert len(groups) >= 4
    for group in groups:
        for rule in [*group["IpPermissions"], *group["IpPermissionsEgress"]]:
            assert all(entry["CidrIp"] != "0.0.0.0/0" for entry in rule["IpRanges"]), group["GroupName"]


def test_the_default_group_was_closed_by_our_function(ec2: Any, in_vpc: list[dict[str, Any]]) -> None:
    filters = [*in_vpc, {"Name": "group-name", "Values": ["default"]}]
    (group,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert group["IpPermissions"] == group["IpPermissionsEgress"] == []
