"""`FilteredEgress`, `DomainFirewall`, `PublicAddresses`: every packet through the firewall, and only to named domains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from hypothesis import given, settings
from hypothesis import strategies as st
from iam_simulator import Request, decide

from govml_constructs.network.public_addresses import public_ranges

ANYWHERE = "0.0.0.0/0"
RANGES = {
    "egress": ["10.9.4.0/26", "10.9.4.64/26"],
    "nat": ["10.9.5.0/28", "10.9.5.16/28"],
    "firewall": ["10.9.6.0/28", "10.9.6.16/28"],
}


class Routing:
    """The routes of the bench's way out, by the range of the subnet that they hold for."""

    def __init__(self, egress: Stand) -> None:
        self.egress = egress
        subnets = {each.name: each.properties["CidrBlock"] for each in egress.all("AWS::EC2::Subnet")}
        self.tables = {
            subnets[each.properties["SubnetId"]]: each.properties["RouteTableId"]
            for each in egress.all("AWS::EC2::SubnetRouteTableAssociation")
        }
        self.subnets = subnets
        self.routes = [each.properties for each in egress.all("AWS::EC2::Route")]

    def of(self, table: str) -> dict[str, str]:
        """Return destination -> target of one route table."""
        targets = ("GatewayId", "NatGatewayId", "VpcEndpointId")
        return {
            each.get("DestinationCidrBlock") or "public addresses": next(
                each[target] for target in targets if target in each
            )
            for each in self.routes
            if each["RouteTableId"] == table
        }

    def firewall_of(self, number: int) -> str:
        """Return the endpoint of the firewall in a zone: the second half of `zone:vpce-...`."""
        (name,) = [
            each.name
            for each in self.egress.all("AWS::NetworkFirewall::Firewall")
            if self.subnets[each.properties["SubnetMappings"][0]["SubnetId"]] == RANGES["firewall"][number]
        ]
        return f"vpce-{name}"


@pytest.fixture
def routing(bench: Mapping[str, Stand]) -> Routing:
    return Routing(bench["Egress"])


def test_every_zone_has_its_three_subnets_and_none_gives_public_addresses(
    bench: Mapping[str, Stand], routing: Routing
) -> None:
    assert sorted(routing.subnets.values()) == sorted(cidr for cidrs in RANGES.values() for cidr in cidrs)
    for subnet in bench["Egress"].all("AWS::EC2::Subnet"):
        assert subnet.properties["MapPublicIpOnLaunch"] is False
        index = next(
            cidrs.index(subnet.properties["CidrBlock"])
            for cidrs in RANGES.values()
            if subnet.properties["CidrBlock"] in cidrs
        )
        assert subnet.properties["AvailabilityZone"] == f"{REGION}{'ab'[index]}"


@pytest.mark.parametrize("zone", [0, 1])
def test_the_way_out_passes_nat_then_the_firewall_of_its_zone_then_the_gateway(
    bench: Mapping[str, Stand], routing: Routing, zone: int
) -> None:
    (gateway,) = bench["Egress"].all("AWS::EC2::InternetGateway")
    nat_subnets = {
        each.name: routing.subnets[each.properties["SubnetId"]] for each in bench["Egress"].all("AWS::EC2::NatGateway")
    }
    out = routing.of(routing.tables[RANGES["egress"][zone]])
    assert set(out) == {"public addresses"}
    assert nat_subnets[out["public addresses"].removesuffix(".NatGatewayId")] == RANGES["nat"][zone]
    assert routing.of(routing.tables[RANGES["nat"][zone]]) == {ANYWHERE: routing.firewall_of(zone)}
    assert routing.of(routing.tables[RANGES["firewall"][zone]]) == {"public addresses": gateway.name}


def test_answers_come_back_through_the_firewall_that_saw_the_question(
    bench: Mapping[str, Stand], routing: Routing
) -> None:
    (gateway,) = bench["Egress"].all("AWS::EC2::InternetGateway")
    (edge,) = [each.properties for each in bench["Egress"].all("AWS::EC2::GatewayRouteTableAssociation")]
    assert edge["GatewayId"] == gateway.name
    assert routing.of(edge["RouteTableId"]) == {RANGES["nat"][zone]: routing.firewall_of(zone) for zone in (0, 1)}


def test_only_public_addresses_are_led_to_nat_gateways_and_the_internet(
    bench: Mapping[str, Stand], routing: Routing
) -> None:
    public = f"{bench['PublicAddresses'].one('AWS::EC2::PrefixList').name}.PrefixListId"
    outward = [each for each in routing.routes if "GatewayId" in each or "NatGatewayId" in each]
    assert len(outward) == 3
    assert {each["DestinationPrefixListId"] for each in outward} == {public}


def test_only_firewall_subnets_route_to_the_internet_gateway(routing: Routing) -> None:
    tables = {each["RouteTableId"] for each in routing.routes if "GatewayId" in each}
    assert {cidr for cidr, table in routing.tables.items() if table in tables} == set(RANGES["firewall"])


def test_public_addresses_are_those_of_the_nat_gateways(bench: Mapping[str, Stand]) -> None:
    addresses = {f"{each.name}.AllocationId" for each in bench["Egress"].all("AWS::EC2::EIP")}
    assert {each.properties["AllocationId"] for each in bench["Egress"].all("AWS::EC2::NatGateway")} == addresses


def policy(bench: Mapping[str, Stand]) -> dict[str, Any]:
    found: dict[str, Any] = bench["Wall"].one("AWS::NetworkFirewall::FirewallPolicy").properties["FirewallPolicy"]
    return found


def group(bench: Mapping[str, Stand], kind: str) -> dict[str, Any]:
    (found,) = [
        each.properties["RuleGroup"]
        for each in bench["Wall"].all("AWS::NetworkFirewall::RuleGroup")
        if each.properties["Type"] == kind
    ]
    return dict(found)


def test_what_no_rule_lets_pass_is_dropped_in_strict_order(bench: Mapping[str, Stand]) -> None:
    found = policy(bench)
    assert found["StatefulEngineOptions"] == {"RuleOrder": "STRICT_ORDER", "StreamExceptionPolicy": "DROP"}
    assert found["StatefulDefaultActions"] == ["aws:drop_established", "aws:alert_established"]
    assert found["StatelessDefaultActions"] == found["StatelessFragmentDefaultActions"] == ["aws:drop"]
    assert group(bench, "STATEFUL")["StatefulRuleOptions"] == {"RuleOrder": "STRICT_ORDER"}


def test_domains_are_matched_by_tls_name_and_http_host(bench: Mapping[str, Stand]) -> None:
    assert group(bench, "STATEFUL")["RulesSource"]["RulesSourceList"] == {
        "GeneratedRulesType": "ALLOWLIST",
        "TargetTypes": ["TLS_SNI", "HTTP_HOST"],
        "Targets": ["pypi.org", ".example.org"],
    }


def test_only_tcp_to_or_from_port_443_is_looked_at(bench: Mapping[str, Stand]) -> None:
    rules = group(bench, "STATELESS")["RulesSource"]["StatelessRulesAndCustomActions"]["StatelessRules"]
    port = [{"FromPort": 443, "ToPort": 443}]
    assert [each["RuleDefinition"] for each in rules] == [
        {"Actions": ["aws:forward_to_sfe"], "MatchAttributes": {"Protocols": [6], ends: port}}
        for ends in ("DestinationPorts", "SourcePorts")
    ]


def test_the_policy_refers_to_both_groups(bench: Mapping[str, Stand]) -> None:
    arns = {each.properties["Type"]: f"{each.arn}" for each in bench["Wall"].all("AWS::NetworkFirewall::RuleGroup")}
    assert [each["ResourceArn"] for each in policy(bench)["StatefulRuleGroupReferences"]] == [arns["STATEFUL"]]
    assert [each["ResourceArn"] for each in policy(bench)["StatelessRuleGroupReferences"]] == [arns["STATELESS"]]


def test_each_zone_has_a_protected_firewall_with_that_policy(bench: Mapping[str, Stand]) -> None:
    arn = bench["Wall"].one("AWS::NetworkFirewall::FirewallPolicy").arn
    firewalls = [each.properties for each in bench["Wall"].all("AWS::NetworkFirewall::Firewall")]
    assert len(firewalls) == 2
    for each in firewalls:
        assert each["FirewallPolicyArn"] == arn
        assert len(each["SubnetMappings"]) == 1  # the order of several endpoints is not promised
        assert each["DeleteProtection"] is each["SubnetChangeProtection"] is True


def test_alerts_and_flows_of_every_firewall_are_logged(bench: Mapping[str, Stand]) -> None:
    firewalls = {each.arn for each in bench["Wall"].all("AWS::NetworkFirewall::Firewall")}
    logging = [each.properties for each in bench["Wall"].all("AWS::NetworkFirewall::LoggingConfiguration")]
    assert {each["FirewallArn"] for each in logging} == firewalls
    log_group = bench["LogGroup"].one("AWS::Logs::LogGroup").name
    for each in logging:
        assert {
            (to["LogType"], to["LogDestinationType"], to["LogDestination"]["logGroup"])
            for to in each["LoggingConfiguration"]["LogDestinationConfigs"]
        } == {(kind, "CloudWatchLogs", log_group) for kind in ("ALERT", "FLOW")}


def test_log_delivery_may_write_for_this_account_only(bench: Mapping[str, Stand]) -> None:
    document = json.loads(bench["Wall"].one("AWS::Logs::ResourcePolicy").properties["PolicyDocument"])
    (statement,) = document["Statement"]
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    log_group = bench["LogGroup"].one("AWS::Logs::LogGroup").arn
    ours = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:x"}

    def ask(context: Mapping[str, str], resource: str = log_group) -> str:
        return decide([document], Request("logs:PutLogEvents", resource, context, "delivery.logs.amazonaws.com"))

    assert ask(ours) == "allowed"
    for key, value in ours.items():
        assert ask({**ours, key: value.replace(ACCOUNT, "9" * 12)}) == "not allowed"
    assert ask(ours, log_group.replace("log-group:", "log-group:other-")) == "not allowed"


PRIVATE = [IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


@settings(deadline=None)
@given(
    number=st.integers(0, 2**32 - 1)
    | st.sampled_from([2**32 - 1, 0, *(int(net[end]) for net in PRIVATE for end in (0, -1))])
)
def test_an_address_is_public_exactly_when_it_is_not_private(number: int) -> None:
    address = IPv4Address(number)
    assert any(address in each for each in public_ranges()) != any(address in each for each in PRIVATE)


def test_the_prefix_list_holds_them_and_leaves_room_in_a_security_group(bench: Mapping[str, Stand]) -> None:
    found = bench["PublicAddresses"].one("AWS::EC2::PrefixList").properties
    assert [each["Cidr"] for each in found["Entries"]] == [str(each) for each in public_ranges()]
    assert found["MaxEntries"] == len(found["Entries"]) <= 45  # a group may have 60 rules, a route table 50
