from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.errors import UserError
from govml.execution.parameters import Parameter, choose_values, parse_parameter


def declared(kind: str, default: Any = None, *choices: Any) -> Parameter:
    return parse_parameter({"Name": "P", "Type": kind, "DefaultValue": default, "EnumValues": list(choices)})


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_arrive_as_they_were_written(number: int) -> None:
    assert choose_values([declared("Integer")], {"P": str(number)}) == {"P": number}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_arrive_as_they_were_written(number: float) -> None:
    assert choose_values([declared("Float")], {"P": repr(number)}) == {"P": number}


@given(st.text())
def test_texts_arrive_as_they_were_written(text: str) -> None:
    assert choose_values([declared("String")], {"P": text}) == {"P": text}


def test_defaults_hold_where_nothing_is_given() -> None:
    assert choose_values([declared("Float", 6), declared("Boolean", False)], {}) == {"P": False}
    value = choose_values([declared("Float", 6)], {})["P"]
    assert (value, type(value)) == (6.0, float)


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        (declared("Integer"), "1.5", "must be a whole number, not '1.5'"),
        (declared("Integer"), "", "must be a whole number"),
        (declared("Integer"), "\u0663", "must be a whole number"),
        (declared("Float"), "nan", "must be a number"),
        (declared("Float"), "1e999", "must be a number"),
        (declared("Boolean"), "1", "must be true or false"),
        (declared("String", "a", "a", "b"), "c", "must be one of a, b, not 'c'"),
    ],
)
def test_a_wrong_value_is_refused_by_name(parameter: Parameter, text: str, message: str) -> None:
    with pytest.raises(UserError, match=f"parameter P {message}"):
        choose_values([parameter], {"P": text})


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    known = Parameter("TestMonths", "Integer", 12, ())
    with pytest.raises(UserError, match="no parameter TestMonth\n  hint: did you mean TestMonths"):
        choose_values([known], {"TestMonth": "6"})


def test_a_parameter_without_value_and_default_is_refused() -> None:
    with pytest.raises(UserError, match="P has no default"):
        choose_values([declared("String")], {})


@pytest.mark.parametrize("kind", [None, 1, [], {"Get": 5}, "Text"])
def test_a_type_that_is_none_is_refused(kind: Any) -> None:
    with pytest.raises(UserError, match="parameter P is of type"):
        declared(kind)
