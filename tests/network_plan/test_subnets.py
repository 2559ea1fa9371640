"""How the range of a created VPC is shared out."""

from ipaddress import IPv4Network
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from govml.network_plan.subnets import created_subnets

PREFIXES = st.integers(16, 24)
ZONES = st.sampled_from([2, 3])


@settings(deadline=None)
@given(prefix=PREFIXES, zones=ZONES, filtered=st.booleans())
def test_subnets_are_inside_apart_alike_and_as_many_as_zones(prefix: int, zones: int, filtered: bool) -> None:
    vpc = IPv4Network(("10.0.0.0", prefix))
    subnets = created_subnets(vpc, zones, filtered=filtered)
    assert all(each.cidr.subnet_of(vpc) for each in subnets)
    assert not [pair for pair in combinations(subnets, 2) if pair[0].cidr.overlaps(pair[1].cidr)]
    for role in ("isolated", "egress", "firewall", "nat") if filtered else ("isolated",):
        of_role = [each for each in subnets if each.role == role]
        assert [each.zone for each in of_role] == [f"zone {number + 1}" for number in range(zones)]
        assert len({each.cidr.prefixlen for each in of_role}) == 1
        assert of_role[0].cidr.prefixlen <= 28
    assert len(subnets) == zones * (4 if filtered else 1)


@settings(deadline=None)
@given(prefix=PREFIXES, zones=ZONES)
def test_isolated_subnets_alone_share_the_whole_range(prefix: int, zones: int) -> None:
    subnets = created_subnets(IPv4Network(("10.0.0.0", prefix)), zones, filtered=False)
    # a half each in two zones, a quarter each in three, as CDK does it
    assert {each.cidr.prefixlen for each in subnets} == {prefix + (1 if zones == 2 else 2)}


def test_the_smallest_vpc_of_three_zones_still_has_room_for_all_four_kinds() -> None:
    subnets = created_subnets(IPv4Network("10.0.0.0/24"), 3, filtered=True)
    assert [each.cidr.prefixlen for each in subnets] == [27] * 3 + [28] * 9


def test_an_ordinary_vpc_with_a_way_out() -> None:
    subnets = created_subnets(IPv4Network("10.0.0.0/22"), 2, filtered=True)
    assert [f"{each.role} {each.cidr}" for each in subnets] == [
        "isolated 10.0.0.0/24",
        "isolated 10.0.1.0/24",
        "egress 10.0.2.0/25",
        "egress 10.0.2.128/25",
        "firewall 10.0.3.0/28",
        "firewall 10.0.3.16/28",
        "nat 10.0.3.32/28",
        "nat 10.0.3.48/28",
    ]
