"""Statements as managed policies within IAM's limits."""

from __future__ import annotations

from typing import Any

import pytest

from govml.bootstrap.assembly import StackArtifact
from govml.bootstrap.documents import MOST_CHARACTERS, MOST_POLICIES, documents, size
from govml.bootstrap.kit import kit
from govml.errors import UserError
from govml.settings import Settings


def statement(sid: str, actions: int, resources: int = 1) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": [f"service:Action{number:04}" for number in range(actions)],
        "Resource": [f"arn:aws:service:::resource-{number:04}" for number in range(resources)],
    }


def test_white_space_does_not_count() -> None:
    assert size({"Sid": "A B"}) == len('{"Sid":"AB"}')


def test_a_long_statement_is_cut_between_its_actions_and_keeps_them_all() -> None:
    long = statement("Long", 900)
    made = documents([long, statement("Short", 1)])
    assert all(size(each) <= MOST_CHARACTERS for each in made)
    parts = [part for each in made for part in each["Statement"] if part["Sid"].startswith("Long")]
    assert [action for part in parts for action in part["Action"]] == long["Action"]
    assert len({part["Sid"] for each in made for part in each["Statement"]}) == sum(len(d["Statement"]) for d in made)


def test_a_statement_with_too_many_resources_is_refused() -> None:
    with pytest.raises(UserError, match="statement Names is too long"):
        documents([statement("Names", 1, resources=400)])


def test_more_policies_than_a_role_can_have_are_refused() -> None:
    with pytest.raises(UserError, match="a role can have 20 at most"):
        documents([statement(f"S{number}", 300) for number in range(21)])


def test_everything_on_in_two_environments_fits_without_a_raised_quota(
    bounded_settings: Settings, bounded_stacks: list[StackArtifact]
) -> None:
    policies = kit(bounded_settings, bounded_stacks, ["dev", "uat"]).policies
    assert len(policies) <= MOST_POLICIES
    for policy in policies:
        assert size(policy.document) <= MOST_CHARACTERS
        ids = [each["Sid"] for each in policy.document["Statement"]]
        assert len(set(ids)) == len(ids)
        assert all(each.isalnum() for each in ids)
