"""A report that says less than it should never passes. Real reports, with one thing changed."""

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govml.gate.judge import judge
from govml.gate.verdict import Verdict

TODAY = date(2026, 11, 21)
Copy = Callable[..., Path]
Kinds = Callable[[Verdict], set[tuple[str, str, str]]]

# What CDK 2.275 reports of an enum that CloudFormation does not know: a warning, in a plugin that succeeded.
BAD_ENUM = {
    "pluginName": "CloudFormation Validate",
    "pluginVersion": "1.12.1",
    "conclusion": "success",
    "violations": [
        {
            "ruleName": "W3030",
            "description": "KeySpec: 'NOT_A_SPEC' is not one of ['SYMMETRIC_DEFAULT', 'RSA_2048']",
            "severity": "warning",
            "ruleMetadata": {"category": "Schema"},
            "violatingConstructs": [{"constructPath": "Plain/Key", "constructFqn": "aws-cdk-lib.aws_kms.CfnKey"}],
        }
    ],
}


def _plugin(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in report["pluginReports"] if each["pluginName"] == name)


def test_an_untouched_copy_passes(copy: Copy) -> None:
    assert judge(copy("clean"), TODAY).passed


@pytest.mark.parametrize("pack", ["AwsSolutions", "NIST.800.53.R5"])
def test_an_absent_pack_is_not_taken_for_a_clean_one(copy: Copy, kinds: Kinds, pack: str) -> None:
    def drop(report: dict[str, Any]) -> None:
        report["pluginReports"].remove(_plugin(report, pack))

    verdict = judge(copy("clean", drop), TODAY)
    assert ("missing-pack", pack, "") in kinds(verdict)
    assert pack not in verdict.packs


def test_a_pack_that_missed_the_positive_control_did_not_look_at_this_tree(copy: Copy, kinds: Kinds) -> None:
    def blind(report: dict[str, Any]) -> None:
        plugin = _plugin(report, "AwsSolutions")
        plugin["suppressedViolations"] = [
            each for each in plugin["suppressedViolations"] if each["ruleName"] != "AwsSolutions-SNS3"
        ]

    assert kinds(judge(copy("clean", blind), TODAY)) == {("missing-pack", "AwsSolutions", "")}


@pytest.mark.parametrize("change", [{"ruleName": "AwsSolutions-S1"}, {"violatingConstructs": []}])
def test_another_finding_does_not_stand_for_the_positive_control(
    copy: Copy, kinds: Kinds, change: dict[str, Any]
) -> None:
    def other(report: dict[str, Any]) -> None:
        _plugin(report, "AwsSolutions")["suppressedViolations"][0].update(change)

    assert ("missing-pack", "AwsSolutions", "") in kinds(judge(copy("clean", other), TODAY))


def test_findings_of_cdks_own_validation_are_refused_although_they_are_warnings(copy: Copy, kinds: Kinds) -> None:
    verdict = judge(copy("clean", lambda report: report["pluginReports"].append(BAD_ENUM)), TODAY)
    assert kinds(verdict) == {("open-finding", "W3030", "Plain/Key")}


@pytest.mark.parametrize(("severity", "passes"), [("info", True), ("warning", False), ("fatal", False), (None, False)])
def test_only_mere_information_passes(copy: Copy, severity: str | None, passes: bool) -> None:
    violation = BAD_ENUM["violations"][0] | {"severity": severity}  # type: ignore[operator]  # a dict by construction
    plugin = BAD_ENUM | {"violations": [violation]}
    assert judge(copy("clean", lambda report: report["pluginReports"].append(plugin)), TODAY).passed is passes


@pytest.mark.parametrize(("severity", "passes"), [("High", False), ("Informational", True)])
def test_a_custom_severity_is_a_finding_unless_it_says_otherwise(copy: Copy, severity: str, passes: bool) -> None:
    violation = BAD_ENUM["violations"][0] | {"severity": "custom", "customSeverity": severity}  # type: ignore[operator]
    plugin = BAD_ENUM | {"violations": [violation]}
    assert judge(copy("clean", lambda report: report["pluginReports"].append(plugin)), TODAY).passed is passes


def test_a_plugin_that_fails_without_a_finding_is_refused(copy: Copy, kinds: Kinds) -> None:
    silent = {"pluginName": "Silent", "conclusion": "failure", "violations": []}
    verdict = judge(copy("clean", lambda report: report["pluginReports"].append(silent)), TODAY)
    assert kinds(verdict) == {("crashed-plugin", "Silent", "")}


def test_an_acknowledgement_on_a_stage_is_refused(copy: Copy, kinds: Kinds) -> None:
    def lift(report: dict[str, Any]) -> None:
        finding = _plugin(report, "AwsSolutions")["suppressedViolations"][1]
        finding["acknowledgedAt"] = "Dev"

    assert "wide-acknowledgement" in {kind for kind, _, _ in kinds(judge(copy("clean", lift), TODAY))}


def test_the_report_of_an_earlier_synth_is_refused(copy: Copy, kinds: Kinds) -> None:
    folder = copy("clean")
    written = (folder / "manifest.json").stat().st_mtime
    os.utime(folder / "validation-report.json", (written - 60, written - 60))
    assert kinds(judge(folder, TODAY)) == {("bad-report", "validation-report.json", "")}


@pytest.mark.parametrize(
    "content",
    ["", "null", "[]", "{}", '{"pluginReports": 3}', '{"pluginReports": [3]}', '{"pluginReports": [{}]}', "\x00"],
)
def test_a_report_that_cannot_be_read_is_refused(copy: Copy, kinds: Kinds, content: str) -> None:
    folder = copy("clean")
    (folder / "validation-report.json").write_text(content)
    assert kinds(judge(folder, TODAY)) == {("bad-report", "validation-report.json", "")}


def test_a_report_of_nothing_is_refused(copy: Copy, kinds: Kinds) -> None:
    folder = copy("clean")
    (folder / "validation-report.json").write_text(json.dumps({"pluginReports": []}))
    found = {(kind, rule) for kind, rule, _ in kinds(judge(folder, TODAY)) if kind == "missing-pack"}
    assert found == {("missing-pack", "AwsSolutions"), ("missing-pack", "NIST.800.53.R5")}
