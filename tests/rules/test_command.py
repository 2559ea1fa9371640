"""`govml rules`, as a reviewer calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govml.cli.rules import rules
from govml.errors import UserError
from govml.rules.registry import load_rules

BAD = {
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
                        }
                    ]
                }
            },
        },
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [str(each) for each in arguments])


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(BAD))
    return path


def test_list_shows_every_rule():
    text = run("list").output
    assert all(each in text for each in load_rules())
    listed = json.loads(run("list", "--json").output)
    assert [each["id"] for each in listed] == list(load_rules())
    assert all(each["title"] and each["rationale"] and each["controls"] and each["resource_types"] for each in listed)


def test_check_prints_findings_as_json_and_fails(bad: Path):
    done = run("check", bad, "--json")
    assert done.exit_code == 1
    findings = json.loads(done.output)["findings"]
    assert {
        "rule": "GovML-ConfusedDeputy",
        "severity": "medium",
        "template": str(bad),
        "logical_id": "Role",
        "message": findings[[each["rule"] for each in findings].index("GovML-ConfusedDeputy")]["message"],
    } in findings


def test_check_with_the_packs(bad: Path):
    done = run("check", bad, "--nag", "--json")
    assert done.exit_code == 1
    found = {(each["rule"], each["logical_id"]) for each in json.loads(done.output)["findings"]}
    assert {("AwsSolutions-SNS3", "Topic"), ("NIST.800.53.R5-SNSEncryptedKMS", "Topic")} <= found
    assert ("GovML-ConfusedDeputy", "Role") in found


def test_a_template_that_the_cdk_refuses_is_said_to_be_unjudged(tmp_path: Path):
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Nowhere"}}}))
    unjudged = json.loads(run("check", path, "--nag", "--json").output)["unjudged"]
    assert [each["rule"] for each in unjudged] == ["cdk-nag"]
    assert "Nowhere" in unjudged[0]["message"]


def test_a_boundary_is_asked_for_when_it_is_named(bad: Path):
    asked = json.loads(run("check", bad, "--json", "--boundary", "GCCIAccountBoundary").output)["findings"]
    assert "GovML-RoleBoundary" in {each["rule"] for each in asked}
    assert "GovML-RoleBoundary" not in run("check", bad, "--json").output


def test_a_clean_template_passes(tmp_path: Path):
    path = tmp_path / "clean.json"
    path.write_text(json.dumps({"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}))
    assert run("check", path).exit_code == 0


def test_a_missing_file_is_a_mistake_of_the_users(tmp_path: Path):
    assert isinstance(run("check", tmp_path / "none.json").exception, UserError)


@pytest.mark.parametrize("command", ["check", "exam"])
def test_a_folder_without_templates_is_no_pass(tmp_path: Path, command: str):
    (tmp_path / "other.json").write_text("{}")
    done = run(command, tmp_path)
    assert isinstance(done.exception, UserError)
    assert "holds no *.template.json" in str(done.exception)
