"""Texts as `Fn::Sub`: the same that CDK's tokens would have made, and none where it would change something."""

from __future__ import annotations

import json

import pytest
from aws_cdk import App, Aws, Fn, Stack, Token
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govml.rules.values import Resolver
from govml_constructs.place import pseudo_parameters
from govml_constructs.substitution import as_json_text, as_substitutions


@pytest.fixture(scope="module")
def stack() -> Stack:
    return Stack(App(), "Substitutions")


def test_a_text_of_pseudo_parameters_is_a_substitution() -> None:
    arn = f"arn:{Aws.PARTITION}:kms:{Aws.REGION}:{Aws.ACCOUNT_ID}:key/*"
    assert as_substitutions(arn) == {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"}
    assert as_substitutions({"a": [arn, 1, None, "plain"], "b": (Aws.REGION,)}) == {
        "a": [as_substitutions(arn), 1, None, "plain"],
        "b": [{"Ref": "AWS::Region"}],
    }


@pytest.mark.parametrize("rest", ["${aws:PrincipalTag/team}", Aws.URL_SUFFIX], ids=["policy variable", "other token"])
def test_what_a_substitution_would_change_or_hide_is_left_to_cdk(rest: str) -> None:
    text = f"arn:{Aws.PARTITION}:s3:::{rest}/*"
    assert as_substitutions(text) == text
    assert as_substitutions(rest) == rest


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*pseudo_parameters(), "arn:", ":", "${aws:username}", "$", "{", "}", "!", "<AWS::Region>", "/*"]
        )
        | st.text(max_size=4),
        max_size=8,
    ).map("".join)
)
def test_the_text_stays_the_same(stack: Stack, text: str) -> None:
    def deployed(value: object) -> object:
        return Resolver({}, {}, taken=True).resolve(stack.resolve(value))

    assert deployed({"x": as_substitutions(text)}) == deployed({"x": text})


PIECES = st.lists(
    st.sampled_from(
        [*pseudo_parameters(), Aws.STACK_NAME, Aws.URL_SUFFIX, "arn:", "${AWS::Region}", "${", '"', "\\", "é", "\n"]
    )
    | st.text(max_size=3),
    max_size=5,
).map("".join)


@settings(max_examples=40, deadline=None)
@example(f"{Aws.PARTITION}${{${{AWS::Region}}")
@given(
    st.recursive(
        PIECES | st.integers(-9, 9) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    )
)
def test_a_json_text_says_what_cdk_s_would(stack: Stack, data: object) -> None:
    def deployed(value: object) -> object:
        return json.loads(str(Resolver({}, {}, taken=True).resolve(stack.resolve(value))), strict=False)

    text = as_json_text({"x": data})
    assert deployed(text) == deployed(stack.to_json_string({"x": data}))


def test_a_json_text_names_each_variable_once(stack: Stack) -> None:
    text = as_json_text([Aws.STACK_NAME, Aws.REGION, f"{Aws.STACK_NAME}-${{x}}"])
    assert stack.resolve(text) == {
        "Fn::Sub": [
            '["${V0}","${AWS::Region}","${V0}-${Dollar}{x}"]',
            {"V0": {"Ref": "AWS::StackName"}, "Dollar": "$"},
        ]
    }
    assert as_json_text({"plain": "${x}"}) == '{"plain":"${x}"}'


def test_numbers_and_lists_that_only_a_deployment_knows_are_refused() -> None:
    for token in (Token.as_number(Fn.ref("Count")), Token.as_list(Fn.ref("Subnets"))):
        with pytest.raises(ValueError, match="a number or a list"):
            as_json_text({"x": token})
