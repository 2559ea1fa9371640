from __future__ import annotations

from typing import Any

import pytest

from govml.bootstrap.intrinsics import filled
from govml.bootstrap.place import Target

TARGET = Target(
    account="123456789012",
    region="ap-southeast-1",
    roots=("mini-dev-",),
    prefix="mini-dev",
    qualifier="hnb659fds",
    permissions_boundary=None,
    asset_bucket="assets",
)
ARN = "arn:aws:iam::123456789012:role/exists"


@pytest.mark.parametrize(
    "value",
    [
        ARN,
        {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/exists"},
        {
            "Fn::Join": [
                "",
                ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/", "exists"],
            ]
        },
    ],
)
def test_an_arn_is_the_same_however_it_is_written(value: Any) -> None:
    assert filled({"Role": [value]}, TARGET) == {"Role": [ARN]}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Bucket"},
        {"Fn::Sub": "${Bucket}-${AWS::Region}"},
        {"Fn::Join": ["", ["a", {"Ref": "Bucket"}]]},
        {"Fn::Join": ["", {"Ref": "List"}]},
        {"Fn::GetAtt": ["Role", "Arn"]},
    ],
)
def test_what_refers_to_something_else_stays(value: Any) -> None:
    assert filled(value, TARGET) == value
