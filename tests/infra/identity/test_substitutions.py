"""`as_substitutions`: ARNs of plain data as `Fn::Sub`, the same text that CDK's tokens would have made."""

from __future__ import annotations

import pytest
from aws_cdk import App, Aws, Stack
from hypothesis import given, settings
from hypothesis import strategies as st

from govml.rules.values import Resolver
from govml_constructs.place import as_substitutions, pseudo_parameters


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
