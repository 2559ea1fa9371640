"""Intrinsic functions are resolved as far as a template allows, in one notation whatever the way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.rules.values import ABSENT, Chooser, Resolver, split_arn

PARAMETERS = {
    "Env": {"Type": "String", "Default": "dev"},
    "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
    "Secret": {"Type": "String", "NoEcho": True, "Default": "x"},
    "Open": {"Type": "String"},
    "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
}
MAPPINGS = {"Ports": {"web": {"tls": 443}}}
RESOLVER = Resolver(PARAMETERS, MAPPINGS, taken=True)
POLICY = "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Env"}, "dev"),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "Secret"}, "${Secret}"),
        ({"Ref": "Open"}, "${Open}"),
        ({"Ref": "Image"}, "${Image}"),
        ({"Ref": "AWS::Region"}, "${AWS::Region}"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "${Key.Arn}"),
        ({"Fn::GetAtt": "Key.Arn"}, "${Key.Arn}"),
        ({"Fn::Sub": POLICY}, POLICY),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}, POLICY),
        (
            {"Fn::Sub": ["arn:${P}:iam::aws:policy/${N}", {"P": {"Ref": "AWS::Partition"}, "N": "ReadOnlyAccess"}]},
            POLICY,
        ),
        ({"Fn::ToJsonString": {"Key": {"Fn::GetAtt": ["Key", "Arn"]}}}, '{"Key": "${Key.Arn}"}'),
        ({"Fn::Sub": "${Env}-${!literal}-${Key.Arn}"}, "dev-${literal}-${Key.Arn}"),
        ({"Fn::FindInMap": ["Ports", "web", "tls"]}, 443),
        ({"Fn::FindInMap": ["Ports", {"Ref": "Open"}, "tls"]}, "${FindInMap.Ports.${Open}.tls}"),
        ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": ["/", "a/b"]}]}, "a"),
        ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b"),
        ({"Fn::ImportValue": "x"}, "${Fn::ImportValue}"),
        ({"Fn::Join": "malformed"}, "${Fn::Join}"),
        ({"Fn::If": ["Prod", {"Ref": "Env"}, 2]}, "dev"),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": True}, {"b": True}),
    ],
)
def test_a_function_is_resolved(value, expected):
    assert RESOLVER.resolve(value) == expected


def test_the_other_side_of_a_condition():
    assert Resolver({}, {}, taken=False).resolve({"Fn::If": ["Prod", 1, {"Ref": "AWS::NoValue"}]}) is ABSENT


def test_a_chooser_leaves_references_between_resources():
    chooser = Chooser(PARAMETERS, MAPPINGS, taken=True)
    value = {"Fn::If": ["Prod", {"Fn::Join": ["", [{"Ref": "Env"}, {"Fn::GetAtt": ["Key", "Arn"]}]]}, 0]}
    assert chooser.resolve(value) == {"Fn::Join": ["", ["dev", {"Fn::GetAtt": ["Key", "Arn"]}]]}


_PART = st.text(st.characters(codec="ascii", exclude_characters=":${}"), max_size=8)
_PLACEHOLDER = st.sampled_from(["${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}", "${Key.Arn}", "x${A::B}y"])


@given(st.lists(_PART | _PLACEHOLDER, min_size=5, max_size=9))
def test_an_arn_is_split_at_colons_outside_placeholders(parts):
    found = split_arn(":".join(["arn", *parts]))
    assert found == ("arn", *parts[:4], ":".join(parts[4:]))


@pytest.mark.parametrize("text", ["", "arn:aws:s3", "s3://bucket", "arn"])
def test_what_is_no_arn(text):
    assert split_arn(text) is None


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Ref", "Fn::Join", "Fn::Sub", "Fn::If", "Fn::Select", "Fn::GetAtt", "Fn::Split", "Fn::FindInMap", "a"]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@given(_VALUES, st.booleans())
def test_no_template_is_too_malformed(value, taken):
    Resolver(PARAMETERS, MAPPINGS, taken=taken).resolve(value)
