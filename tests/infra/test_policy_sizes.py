"""A role's permissions are spread over as many managed policies as IAM's quota makes necessary, and none is lost."""

from __future__ import annotations

from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from govml_constructs.identity.customer_policy import Statement, in_policies
from govml_constructs.identity.service_role import RoleRules, ServiceRole

COUNTS = st.lists(st.integers(1, 300), min_size=1, max_size=8)


def statement(number: int, resources: int) -> Statement:
    arns = [f"arn:aws:s3:::bucket-{number}/use-case-{place}/monitoring/state.json" for place in range(resources)]
    return Statement(sid=f"Read{number}", actions=["s3:GetObject"], resources=arns)


def pairs(policies: list[list[Statement]]) -> list[tuple[str, str]]:
    return [
        (action, arn) for policy in policies for each in policy for action in each.actions for arn in each.resources
    ]


@given(counts=COUNTS)
def test_nothing_is_lost_or_added_and_every_policy_fits(counts: list[int]) -> None:
    wanted = [statement(number, count) for number, count in enumerate(counts)]
    made = in_policies(wanted)
    assert pairs(made) == pairs([wanted])
    for policy in made:
        sids = [each.sid for each in policy]
        assert len(set(sids)) == len(sids)
        assert sum(len(str(each.as_json()).replace(" ", "")) for each in policy) < 6144


def test_what_fits_stays_one_policy() -> None:
    small = [statement(1, 3), statement(2, 3)]
    assert in_policies(small) == [small]
    assert in_policies([]) == []


def test_a_role_has_them_all_attached() -> None:
    stack = Stack(App(), "S")
    ServiceRole(
        stack,
        "Role",
        service="lambda.amazonaws.com",
        description="A role with much to read",
        rules=RoleRules(),
        statements=[statement(1, 200)],
    )
    template = Template.from_stack(stack)
    policies = template.find_resources("AWS::IAM::ManagedPolicy")
    (role,) = template.find_resources("AWS::IAM::Role").values()
    assert len(policies) > 1
    assert {each["Ref"] for each in role["Properties"]["ManagedPolicyArns"]} == set(policies)
