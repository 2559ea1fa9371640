"""The address budget: every address is counted once, and a plan fits exactly when each subnet holds its part."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml.network_plan.budget import SubnetBudget, address_budget
from govml.network_plan.demand import Load, demands
from govml.network_plan.subnets import PlannedSubnet, created_subnets

COUNTS = st.integers(0, 300)
LOADS = st.builds(
    Load,
    zones=st.sampled_from([2, 3]),
    interface_endpoints=st.integers(0, 20),
    studio_apps=st.none() | COUNTS,
    job_instances=COUNTS,
    endpoint_instances=COUNTS,
    builds=COUNTS,
    functions=COUNTS,
    others=COUNTS,
    studio_role=st.sampled_from(["isolated", "egress"]),
    build_role=st.sampled_from(["isolated", "egress"]),
    filtered=st.booleans(),
)
SUBNET = PlannedSubnet("isolated", "a", IPv4Network("10.0.0.0/26"))
NOTHING = Load(zones=2, interface_endpoints=0, studio_apps=None, job_instances=0, endpoint_instances=0, builds=0)


def one(load: Load, subnet: PlannedSubnet = SUBNET) -> SubnetBudget:
    return address_budget([subnet], demands(load))[0]


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, {}),
        ({"interface_endpoints": 18}, {"interface endpoints": 18}),
        ({"studio_apps": 8}, {"Studio applications": 8, "file system of Studio": 1}),
        ({"studio_apps": 0}, {"file system of Studio": 1}),
        ({"job_instances": 3}, {"processing and training jobs": 6}),
        ({"endpoint_instances": 4}, {"model endpoints": 4}),
        ({"endpoint_instances": 5}, {"model endpoints": 6}),
        ({"endpoint_instances": 5, "zones": 3}, {"model endpoints": 4}),
        ({"builds": 2}, {"builds": 2}),
        ({"functions": 1}, {"Lambda functions": 1}),
        ({"others": 9}, {"other uses": 9}),
    ],
)
def test_what_takes_how_many(change: dict[str, int], taken: dict[str, int]) -> None:
    assert {each.what: each.addresses for each in demands(replace(NOTHING, **change))} == taken  # type: ignore[arg-type]  # ints


def test_tiers_with_a_way_out_take_their_addresses_there() -> None:
    load = replace(NOTHING, filtered=True, builds=2, studio_apps=8, build_role="egress")
    roles = {each.what: each.role for each in demands(load)}
    assert roles == {
        "builds": "egress",
        "Studio applications": "isolated",
        "file system of Studio": "isolated",
        "firewall endpoint": "firewall",
        "NAT gateway": "nat",
    }


def test_five_addresses_of_each_subnet_are_kept_by_aws() -> None:
    assert one(NOTHING).usable == 59
    assert one(NOTHING, replace(SUBNET, cidr=IPv4Network("10.0.0.0/30"))).usable == 0


@settings(deadline=None)
@given(load=LOADS, prefix=st.integers(16, 28))
def test_nothing_is_lost_and_free_tells_what_fits(load: Load, prefix: int) -> None:
    row = one(load, replace(SUBNET, cidr=IPv4Network(("10.0.0.0", prefix))))
    assert row.needed == sum(each.addresses for each in demands(load) if each.role == "isolated")
    assert row.usable == 2 ** (32 - prefix) - 5 == row.needed + row.free
    assert (row.free >= 0) == (prefix <= row.smallest_prefix)


@settings(deadline=None)
@given(load=LOADS)
def test_the_prefix_that_is_advised_is_the_smallest_that_holds_the_plan(load: Load) -> None:
    advised = one(load).smallest_prefix
    assert one(load, replace(SUBNET, cidr=IPv4Network(("10.0.0.0", advised)))).free >= 0
    if advised < 28:
        assert one(load, replace(SUBNET, cidr=IPv4Network(("10.0.0.0", advised + 1)))).free < 0


@settings(deadline=None)
@given(load=LOADS, more=st.integers(1, 50), what=st.sampled_from(["builds", "job_instances", "others", "functions"]))
def test_more_of_anything_never_takes_fewer_addresses(load: Load, more: int, what: str) -> None:
    larger = replace(load, **{what: getattr(load, what) + more})
    assert sum(each.addresses for each in demands(larger)) > sum(each.addresses for each in demands(load))


def test_the_breakdown_names_the_largest_first() -> None:
    load = replace(NOTHING, interface_endpoints=9, builds=2, job_instances=20)
    assert one(load).breakdown() == "processing and training jobs 40, interface endpoints 9, builds 2"


def test_a_created_network_s_rows_stand_in_the_order_of_its_subnets() -> None:
    subnets = created_subnets(IPv4Network("10.0.0.0/24"), 2, filtered=True)
    rows = address_budget(subnets, demands(replace(NOTHING, filtered=True, builds=3, build_role="egress")))
    assert [row.subnet for row in rows] == list(subnets)
    assert [row.needed for row in rows] == [0, 0, 3, 3, 1, 1, 1, 1]
