"""The exam breaks one thing at a time, and grades only by what is new."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from govml.rule_exam.grade import grade
from govml.rule_exam.mutants import mutants
from govml.rule_exam.sitting import sit
from govml.rules.options import Options

GOOD = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        }
                    ]
                }
            },
        },
        "Key": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Retain", "Properties": {"EnableKeyRotation": True}},
    }
}


def test_each_mutant_differs_from_the_good_template_which_stays_as_it_was():
    before = copy.deepcopy(GOOD)
    found = list(mutants(GOOD, "t"))
    assert before == GOOD
    assert len({json.dumps(each.document, sort_keys=True) for each in found}) == len(found) > 0
    assert all(each.document != GOOD for each in found)
    defects = {each.defect for each in found}
    assert "AWS::KMS::Key EnableKeyRotation: True -> False" in defects
    assert "AWS::KMS::Key DeletionPolicy -> Delete" in defects
    assert any("Condition removed" in each for each in defects)


def test_a_finding_that_was_there_before_catches_nothing():
    asked = list(mutants(GOOD, "t"))
    old, new = ("GovML-Old", "Role"), ("GovML-New", "Role")
    found = {id(each): {old, new} if each.logical_id == "Role" else {old} for each in asked}
    result = grade(asked, {"t": {old}}, lambda mutant: found[id(mutant)])
    assert {each.logical_id for each in result.caught} == {"Role"}
    assert {each.logical_id for each in result.escaped} == {"Key"}
    assert 0 < result.share < 1


def test_a_sitting_over_files(tmp_path: Path):
    path = tmp_path / "good.json"
    path.write_text(json.dumps(GOOD))
    result = sit([path], Options())
    assert any("Condition removed" in each.defect for each in result.caught)
