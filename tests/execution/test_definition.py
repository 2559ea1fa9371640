from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.errors import UserError
from govml.execution.definition import Branch, Definition, parse_definition


def text(**changes: Any) -> str:
    return json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "A", "Type": "Fail", "Arguments": {}}], **changes})


def test_steps_of_branches_become_steps_of_their_own() -> None:
    inner = {
        "Name": "Inner",
        "Type": "Condition",
        "Arguments": {"Conditions": [2], "IfSteps": [{"Name": "Deep", "Type": "Fail"}]},
    }
    outer = {"Name": "Outer", "Type": "Condition", "Arguments": {"Conditions": [1], "ElseSteps": [inner]}}
    steps = {step.name: step for step in parse_definition(text(Steps=[outer])).steps}
    assert list(steps) == ["Outer", "Inner", "Deep"]
    assert steps["Outer"].branch is None
    assert steps["Outer"].arguments == {"Conditions": [1]}
    assert steps["Inner"].branch == Branch("Outer", False)
    assert steps["Deep"].branch == Branch("Inner", True)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "not a JSON object"),
        (text(Version="2019-01-01"), "of version '2019-01-01'"),
        (text(Steps=[]), "no steps"),
        (text(Steps={"A": 1}), "Steps must be a list"),
        (text(Steps=[{"Type": "Fail"}]), "without a proper name"),
        (text(Steps=[{"Name": "../x", "Type": "Fail"}]), "without a proper name"),
        (text(Steps=[{"Name": "A"}]), "step A has no type"),
        (text(Steps=[{"Name": "A", "Type": "Fail"}, {"Name": "A", "Type": "Fail"}]), "two steps of the name A"),
        (text(Steps=[{"Name": "A", "Type": "Fail", "Arguments": []}]), "Arguments must be an object"),
        (text(Steps=[{"Name": "A", "Type": "Fail", "DependsOn": [7]}]), "DependsOn has an entry"),
        (text(Steps=[{"Name": "A", "Type": "Fail", "PropertyFiles": [{}]}]), "a property file needs"),
        (text(Parameters=[{"Name": "P", "Type": "Decimal"}]), "parameter P is of type 'Decimal'"),
        (text(Parameters=[{"Name": "P", "Type": "Integer", "DefaultValue": "7"}]), "must be a whole number, not '7'"),
    ],
)
def test_a_definition_that_is_none_is_refused_with_the_place(source: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        parse_definition(source)


def test_every_unfilled_placeholder_is_named() -> None:
    step = {"Name": "A", "Type": "Fail", "Arguments": {"x": "${govml.KmsKeyArn}", "y": ["${Token[TOKEN.42]}"]}}
    with pytest.raises(UserError) as error:
        parse_definition(text(Steps=[step]))
    assert "${Token[TOKEN.42]}, ${govml.KmsKeyArn}" in str(error.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["Name", "Type", "Arguments", "Steps", "DependsOn", "IfSteps", "PropertyFiles", "DefaultValue"]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
step_like = st.fixed_dictionaries(
    {"Name": st.just("A") | json_values, "Type": st.sampled_from(["Condition", "Processing"]) | json_values},
    optional={"Arguments": json_values, "DependsOn": json_values, "PropertyFiles": json_values},
)


@given(st.lists(step_like | json_values, max_size=3), st.lists(json_values, max_size=2))
def test_any_json_is_a_definition_or_a_users_error(steps: list[Any], parameters: list[Any]) -> None:
    try:
        assert isinstance(parse_definition(text(Steps=steps, Parameters=parameters)), Definition)
    except UserError:
        return
