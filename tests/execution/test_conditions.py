from __future__ import annotations

import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.execution.conditions import holds
from govml.execution.failures import StepFailed

OPERATORS = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
numbers = st.integers() | st.floats(allow_nan=False)


@given(st.sampled_from(sorted(OPERATORS)), st.tuples(numbers, numbers) | st.tuples(st.text(), st.text()))
def test_values_of_one_kind_are_compared(kind: str, pair: tuple[Any, Any]) -> None:
    left, right = pair
    assert holds({"Type": kind, "LeftValue": left, "RightValue": right}) is OPERATORS[kind](left, right)


@given(st.sampled_from(sorted(OPERATORS)), st.permutations([1, "1", True]))
def test_values_of_two_kinds_are_never_compared(kind: str, values: list[Any]) -> None:
    with pytest.raises(StepFailed, match="cannot compare"):
        holds({"Type": kind, "LeftValue": values[0], "RightValue": values[1]})


def test_not_or_and_in() -> None:
    yes, no = ({"Type": "Equals", "LeftValue": 1, "RightValue": right} for right in (1, 2))
    assert holds({"Type": "Or", "Conditions": [no, yes]})
    assert not holds({"Type": "Or", "Conditions": [no, no]})
    assert holds({"Type": "Not", "Expression": no})
    assert holds({"Type": "In", "QueryValue": "a", "Values": ["b", "a"]})
    assert not holds({"Type": "In", "QueryValue": "a", "Values": ["b"]})


@pytest.mark.parametrize(
    "condition",
    [
        {},
        [],
        {"Type": "Between"},
        {"Type": "Equals", "LeftValue": 1},
        {"Type": "Equals", "LeftValue": None, "RightValue": None},
        {"Type": "LessThan", "LeftValue": True, "RightValue": False},
        {"Type": "Or", "Conditions": [{"Type": "Equals", "LeftValue": 1, "RightValue": 1}, {"Type": "Equals"}]},
        {"Type": "Not", "Expression": None},
    ],
)
def test_a_condition_that_says_nothing_never_passes(condition: Any) -> None:
    with pytest.raises(StepFailed):
        holds(condition)
