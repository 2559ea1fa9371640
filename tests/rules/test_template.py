"""Templates are read from JSON and YAML alike; what is no template is refused with what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.rules.template import LARGEST, parse_template, read_template

YAML = b"""
AWSTemplateFormatVersion: 2010-09-09
Conditions: {Prod: !Equals [!Ref Env, prod]}
Parameters: {Env: {Type: String}}
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: !If [Prod, true, !Ref "AWS::NoValue"]
      Description: !Sub "${Env}-${AWS::Region}"
      KeyPolicy: {Version: 2012-10-17, Statement: [{Resource: !GetAtt Other.Arn}]}
"""


@pytest.mark.parametrize("written", ["Fn::If", r"\u0046n::If", r"Fn::\u0049f"])
def test_both_branches_are_read_however_the_function_is_spelled(written: str) -> None:
    key = {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": {"WRITTEN": ["Prod", True, False]}}}
    found = parse_template(json.dumps({"Resources": {"Key": key}}).replace("WRITTEN", written).encode(), "t.json")
    assert [side.resources["Key"].properties for side in found] == [
        {"EnableKeyRotation": True},
        {"EnableKeyRotation": False},
    ]


def test_yaml_with_short_functions():
    first, second = parse_template(YAML, "t.yaml")
    assert first.resources["Key"].properties == {
        "EnableKeyRotation": True,
        "Description": "${Env}-${AWS::Region}",
        "KeyPolicy": {"Version": "2012-10-17", "Statement": [{"Resource": "${Other.Arn}"}]},
    }
    assert "EnableKeyRotation" not in second.resources["Key"].properties


def test_a_template_without_conditions_has_one_side():
    assert len(parse_template(b'{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}', "t")) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no CloudFormation template: it has no Resources"),
        (b"{", "neither JSON nor YAML"),
        (b"a: [", "neither JSON nor YAML"),
        (b"\xff\xfe\x00", "neither JSON nor YAML"),
        (b"[]", "it has no Resources"),
        (b'{"Resources": {}}', "it has no Resources"),
        (b'{"Resources": []}', "it has no Resources"),
        (b'{"Resources": {"A": {}}}', "resource A has no Type"),
        (b'{"Resources": {"A": 1}}', "resource A has no Type"),
        (b'{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": []}}}', None),
        (b'{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": [1]}}}', "the Properties of resource A"),
        (b"[" * 100_000, "neither JSON nor YAML"),
    ],
)
def test_what_is_no_template_is_refused(content, said):
    if said is None:
        assert parse_template(content, "t")
        return
    with pytest.raises(UserError, match=said):
        parse_template(content, "t")


def test_a_missing_file_and_a_huge_one(tmp_path: Path):
    with pytest.raises(UserError, match="cannot be read"):
        read_template(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(UserError, match="at most 1 MB"):
        read_template(huge)
