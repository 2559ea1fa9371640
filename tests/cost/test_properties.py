"""What holds of every plan: stacks add up to the total, and nothing that is added makes it cheaper."""

from __future__ import annotations

from decimal import Decimal

from cost_plans import Resources, resource, stack
from hypothesis import given, settings
from hypothesis import strategies as st

from govml.cost.difference import difference
from govml.cost.estimate import estimate
from govml.cost.prices import load_prices
from govml.cost.usage import load_usage

PRICES, USAGE = load_prices(), load_usage()
SUBNETS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
RESOURCE = st.one_of(
    st.sampled_from(
        ["KMS::Key", "IAM::Role", "S3::Bucket", "EC2::NatGateway", "CloudWatch::Dashboard", "No::Price"]
    ).map(resource),
    SUBNETS.map(lambda ids: resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=ids)),
    st.integers(0, 8).map(
        lambda least: resource("RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": least / 2})
    ),
)
RESOURCES = st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), RESOURCE, max_size=6)
PLANS = st.dictionaries(st.sampled_from(["Network", "Data", "Security"]), RESOURCES, max_size=3)


def _of(plan: dict[str, Resources], environment: str = "agency-dev"):
    return estimate([stack(name, body, environment=environment) for name, body in plan.items()], PRICES, USAGE)


@given(PLANS)
@settings(max_examples=60, deadline=None)
def test_stacks_and_kinds_add_up_to_the_total(plan: dict[str, Resources]) -> None:
    found = _of(plan)
    for key in (lambda line: line.stack, lambda line: line.resource_type, lambda line: line.price.service):
        assert sum(found.idle_by(key).values(), Decimal(0)) == found.idle_usd
    alone = [_of({name: body}).idle_usd for name, body in plan.items()]
    assert sum(alone, Decimal(0)) == found.idle_usd


@given(PLANS, RESOURCE)
@settings(max_examples=60, deadline=None)
def test_one_more_resource_never_makes_a_plan_cheaper(plan: dict[str, Resources], more: dict[str, object]) -> None:
    before, after = _of(plan), _of({**plan, "More": {"One": more}})
    assert after.idle_usd >= before.idle_usd
    for name, meter in before.meters().items():
        assert after.meters()[name].usd >= meter.usd


@given(PLANS)
@settings(max_examples=60, deadline=None)
def test_every_resource_has_lines_or_is_listed(plan: dict[str, Resources]) -> None:
    found = _of(plan)
    seen = {(line.stack, line.logical_id) for line in found.lines}
    listed = {(each.stack, each.logical_id) for each in found.unpriced}
    assert seen | listed == {(name, logical_id) for name, body in plan.items() for logical_id in body}
    assert not seen & listed


@given(PLANS, PLANS)
@settings(max_examples=60, deadline=None)
def test_a_difference_is_that_of_the_totals_and_has_two_sides(
    old: dict[str, Resources], new: dict[str, Resources]
) -> None:
    before, after = _of(old), _of(new, environment="other-dev")  # another agency's environment of the same name
    there, back = difference(before, after), difference(after, before)
    assert there.total.usd == after.idle_usd - before.idle_usd
    assert sum((each.usd for each in there.stacks), Decimal(0)) == there.total.usd
    assert sum((each.usd for each in there.resources), Decimal(0)) == there.total.usd
    assert [(each.name, -each.usd) for each in back.kinds] == [(each.name, each.usd) for each in there.kinds]
    assert difference(before, before).kinds == ()
