"""Two agencies: one with a filtered way out, one in a VPC that others made. Both pass the gate."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cfn_templates import REGION, Deployment, Resource, read_deployment

import app as entry
from govml.gate.judge import judge
from govml.rules.options_file import save_options
from govml.settings import load_settings
from govml_constructs.validation.nag_packs import register_packs
from stacks.environment.context import EnvironmentContext
from stacks.environment_stage import EnvironmentStage

AGENCIES = Path(__file__).parents[1] / "agencies"
DAY = date(2026, 11, 21)
VPC = "vpc-0123456789abcdef0"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


@pytest.fixture(scope="session")
def deploy(new_app: Callable[..., App], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Deployment]:
    """Synthesise one of the agency files, with both nag packs."""

    def _deploy(name: str) -> Deployment:
        folder = tmp_path_factory.mktemp(name)
        app = new_app(folder, config=str(AGENCIES / f"{name}.yaml"))
        register_packs(app)
        options = entry.build(app)
        app.synth()
        save_options(folder, options)
        return read_deployment(folder)

    return _deploy


@pytest.fixture(scope="session")
def filtered(deploy: Callable[[str], Deployment]) -> Deployment:
    return deploy("filtered")


@pytest.fixture(scope="session")
def imported(deploy: Callable[[str], Deployment]) -> Deployment:
    return deploy("imported")


def rules(deployment: Deployment) -> Iterator[Resource]:
    yield from deployment.resources("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def tier(deployment: Deployment, name: str) -> str:
    (found,) = [each.name for each in deployment.resources("AWS::EC2::SecurityGroup") if f"/{name}/" in each.path]
    return found


def egress_of(deployment: Deployment, group: str) -> list[dict[str, Any]]:
    return [
        each.properties
        for each in rules(deployment)
        if each.type.endswith("Egress") and each.properties["GroupId"] == group
    ]


def test_the_gate_passes_both(filtered: Deployment, imported: Deployment) -> None:
    assert judge(filtered.folder, DAY).refusals == ()
    assert judge(imported.folder, DAY).refusals == ()


def test_nothing_is_looked_up(imported: Deployment) -> None:
    manifest = json.loads((imported.folder / "manifest.json").read_bytes())
    assert manifest.get("missing", []) == []


def test_no_security_group_rule_names_the_whole_internet(filtered: Deployment, imported: Deployment) -> None:
    for deployment in (filtered, imported):
        for group in deployment.resources("AWS::EC2::SecurityGroup"):
            assert "0.0.0.0/0" not in json.dumps(group.body)
        for rule in rules(deployment):
            assert "0.0.0.0/0" not in json.dumps(rule.body)
            assert "CidrIpv6" not in rule.properties


# The filtered way out


def test_only_the_tiers_that_the_file_names_may_leave(filtered: Deployment) -> None:
    (public,) = filtered.resources("AWS::EC2::PrefixList")
    leaving = {
        each.properties["GroupId"]: (each.properties["FromPort"], each.properties["ToPort"])
        for each in rules(filtered)
        if each.properties.get("DestinationPrefixListId") == f"{public.name}.PrefixListId"
    }
    assert leaving == {tier(filtered, "BuildTier"): (443, 443)}


def subnets_by_range(deployment: Deployment) -> dict[str, str]:
    return {each.properties["CidrBlock"]: each.name for each in deployment.resources("AWS::EC2::Subnet")}


def test_builds_stand_in_the_egress_subnets_and_everything_else_in_isolated_ones(filtered: Deployment) -> None:
    by_range = subnets_by_range(filtered)
    isolated = [by_range[cidr] for cidr in ("10.50.0.0/25", "10.50.0.128/25")]
    egress = [by_range[cidr] for cidr in ("10.50.1.0/26", "10.50.1.64/26")]
    for project in filtered.resources("AWS::CodeBuild::Project"):
        assert project.properties["VpcConfig"]["Subnets"] == egress
    (studio,) = filtered.resources("AWS::SageMaker::Domain")
    assert studio.properties["SubnetIds"] == isolated
    for endpoint in filtered.resources("AWS::EC2::VPCEndpoint"):
        assert endpoint.properties["SubnetIds"] == isolated


def test_builds_may_use_interfaces_in_the_egress_subnets_only(filtered: Deployment) -> None:
    by_range = subnets_by_range(filtered)
    text = json.dumps(
        [each.properties for each in filtered.resources("AWS::IAM::ManagedPolicy") if "/BuildAccess/" in each.path]
    )
    named = set(re.findall(r"subnet/([\w-]+)", text))
    assert named == {by_range["10.50.1.0/26"], by_range["10.50.1.64/26"]}


def test_isolated_subnets_still_have_no_route(filtered: Deployment) -> None:
    by_range = subnets_by_range(filtered)
    tables = {
        each.properties["SubnetId"]: each.properties["RouteTableId"]
        for each in filtered.resources("AWS::EC2::SubnetRouteTableAssociation")
    }
    routed = {each.properties["RouteTableId"] for each in filtered.resources("AWS::EC2::Route")}
    for cidr in ("10.50.0.0/25", "10.50.0.128/25"):
        assert tables[by_range[cidr]] not in routed


def test_the_domains_are_the_file_s_and_the_logs_encrypted(filtered: Deployment) -> None:
    (domains,) = [
        each.properties
        for each in filtered.resources("AWS::NetworkFirewall::RuleGroup")
        if each.properties["Type"] == "STATEFUL"
    ]
    assert domains["RuleGroup"]["RulesSource"]["RulesSourceList"]["Targets"] == ["pypi.org", ".pythonhosted.org"]
    groups = {each.name: each.properties for each in filtered.resources("AWS::Logs::LogGroup")}
    (first, *_) = filtered.resources("AWS::NetworkFirewall::LoggingConfiguration")
    written = [
        to["LogDestination"]["logGroup"] for to in first.properties["LoggingConfiguration"]["LogDestinationConfigs"]
    ]
    assert len(set(written)) == 2
    for name in written:
        assert ":key/" in groups[name]["KmsKeyId"]
        assert groups[name]["LogGroupName"].startswith("/aws/vendedlogs/walled-dev/")


def test_firewalls_are_protected_unless_the_environment_may_go(
    filtered: Deployment, tmp_path: Path, new_app: Callable[..., App]
) -> None:
    assert all(each.properties["DeleteProtection"] for each in filtered.resources("AWS::NetworkFirewall::Firewall"))
    app = new_app(tmp_path)
    settings = load_settings(AGENCIES / "filtered.yaml")
    EnvironmentStage(app, context=EnvironmentContext(settings, "dev", "filtered.yaml", allow_destroy=True))
    app.synth()
    for each in read_deployment(tmp_path).resources("AWS::NetworkFirewall::Firewall"):
        assert each.properties["DeleteProtection"] is False


# The imported VPC


def test_no_network_is_made_and_none_of_it_changed(imported: Deployment) -> None:
    made = {
        "VPC",
        "Subnet",
        "Route",
        "RouteTable",
        "SubnetRouteTableAssociation",
        "InternetGateway",
        "NatGateway",
        "FlowLog",
    }
    assert not {f"AWS::EC2::{name}" for name in made} & imported.types()
    assert "Custom::DefaultSecurityGroupClosed" not in imported.types()


def test_only_missing_endpoints_are_made_in_the_subnets_that_are_given(imported: Deployment) -> None:
    endpoints = [each.properties for each in imported.resources("AWS::EC2::VPCEndpoint")]
    services = {each["ServiceName"].removeprefix(f"com.amazonaws.{REGION}."): each for each in endpoints}
    assert not {"kms", "sts"} & set(services)
    assert {"logs", "ecr.api", "sagemaker.api", "ssm", f"aws.sagemaker.{REGION}.studio"} <= set(services)
    assert services["s3"]["VpcEndpointType"] == "Gateway"
    for service, each in services.items():
        assert each["VpcId"] == VPC
        if service != "s3":
            assert each["SubnetIds"] == SUBNETS
            assert each["PrivateDnsEnabled"] is False
        assert "aws:PrincipalOrgID" in json.dumps(each["PolicyDocument"])


def test_everything_runs_in_the_subnets_and_groups_that_are_given(imported: Deployment) -> None:
    (studio,) = imported.resources("AWS::SageMaker::Domain")
    assert (studio.properties["VpcId"], studio.properties["SubnetIds"]) == (VPC, SUBNETS)
    assert studio.properties["DefaultUserSettings"]["SecurityGroups"] == ["sg-0123456789abcdef0"]
    for project in imported.resources("AWS::CodeBuild::Project"):
        assert project.properties["VpcConfig"]["Subnets"] == SUBNETS
    groups = {
        each.path.split("/")[2]: each.properties["VpcId"] for each in imported.resources("AWS::EC2::SecurityGroup")
    }
    assert groups == dict.fromkeys(("EndpointTier", "JobTier", "BuildTier"), VPC)


def test_tiers_reach_new_endpoints_by_group_old_ones_by_range_and_s3_by_prefix_list(imported: Deployment) -> None:
    endpoints = tier(imported, "EndpointTier")
    for name in ("JobTier", "BuildTier"):
        group = tier(imported, name)
        to = {
            each.get("DestinationSecurityGroupId") or each.get("DestinationPrefixListId") or each["CidrIp"]: each[
                "FromPort"
            ]
            for each in egress_of(imported, group)
        }
        to.pop(group, None)
        assert to == {endpoints: 443, "pl-6fa54006": 443, "10.61.0.0/24": 443}


def test_a_group_that_is_given_calls_the_endpoints_and_is_not_changed(imported: Deployment) -> None:
    given = "sg-0123456789abcdef0"
    assert egress_of(imported, given) == []
    allowed = {
        each.properties.get("SourceSecurityGroupId")
        for each in rules(imported)
        if each.properties["GroupId"] == tier(imported, "EndpointTier")
    }
    assert given in allowed


def test_new_endpoints_get_their_names_in_the_zones_that_are_given(imported: Deployment) -> None:
    records = [each.properties for each in imported.resources("AWS::Route53::RecordSet")]
    assert {(each["HostedZoneId"], each["Name"].removeprefix("*.")) for each in records} == {
        ("Z0123456789ABC", f"logs.{REGION}.amazonaws.com")
    }


def test_an_imported_vpc_s_flows_are_logged_when_asked_for(new_app: Callable[..., App], tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text(
        (AGENCIES / "imported.yaml")
        .read_text()
        .replace("      route_table_ids", "      flow_logs: true\n      route_table_ids")
    )
    app = new_app(tmp_path / "out", config=str(path))
    entry.build(app)
    app.synth()
    (flow_log,) = read_deployment(tmp_path / "out").resources("AWS::EC2::FlowLog")
    assert flow_log.properties["ResourceId"] == VPC
