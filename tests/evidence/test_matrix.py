"""Every rule over every resource: each outcome, and above all that silence is never a pass."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govml.evidence.evidence import Evidence
from govml.evidence.nag_catalogue import NAG_PACKS
from govml.evidence.own_rules import OwnRules
from govml.evidence.resource import Assembly
from govml.evidence.row import Row, Status
from govml.evidence.rule import ANY_CLASS, EvidenceRule, Told
from govml.rules.registry import load_rules

Look = Callable[..., Evidence]
Outcome = Callable[[Evidence, str, str], Row]
TODAY = date(2026, 11, 27)
DLQ = "AwsSolutions-SQS3"
ENCRYPTED = "AwsSolutions-SQS2"


@pytest.fixture
def queues(assembly: Callable[[str], Path], look: Look) -> Evidence:
    return look(assembly("queues"))


def passes(evidence: Evidence) -> list[Row]:
    return [row for row in evidence.rows if row.status is Status.PASS]


def test_a_rule_that_reports_nothing_about_a_resource_of_its_type_passes(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, ENCRYPTED, "Open")  # SQS encrypts by default, so the rule is content with an empty queue
    assert row.status is Status.PASS
    assert (row.type, row.path, row.template) == ("AWS::SQS::Queue", "Dev/Data/Open", row.template)
    assert row.template.startswith("assembly-Dev/")


def test_a_finding_fails_with_its_place(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, DLQ, "Open")
    assert row.status is Status.FAIL
    (item,) = [each for each in queues.open if each.rule == DLQ and each.resource == "Dev/Data/Open"]
    assert (item.kind, item.logical_id, item.template, item.profile) == (
        "open-finding",
        "Open",
        row.template,
        "profile",
    )
    assert "dead-letter queue" in item.message
    assert not queues.passed


def test_an_accepted_finding_has_reason_owner_expiry_and_line(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, DLQ, "Accepted")
    assert row.status is Status.ACKNOWLEDGED
    assert (row.reason, row.owner, row.expires) == (
        "Open data, replaced every night from its source.",
        "data-team",
        "2027-06-30",
    )
    file, _, line = row.source_line.rpartition(":")
    source = (Path(__file__).parents[2] / file).read_text().splitlines()[int(line) - 1]
    assert 'acknowledge(sqs.CfnQueue(stack, "Accepted")' in source


def test_an_expired_acknowledgement_is_a_failure(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, DLQ, "Expired")
    assert row.status is Status.FAIL
    assert "expired on 2026-11-26" in row.message
    (item,) = [each for each in queues.open if each.resource == "Dev/Data/Expired" and each.rule == DLQ]
    assert "expired" in item.message


def test_on_its_last_day_an_acknowledgement_still_holds(
    assembly: Callable[[str], Path], look: Look, outcome: Outcome
) -> None:
    evidence = look(assembly("queues"), day=date(2026, 11, 26))
    assert outcome(evidence, DLQ, "Expired").status is Status.ACKNOWLEDGED


def test_a_stale_acknowledgement_is_open(queues: Evidence) -> None:
    (item,) = [each for each in queues.open if each.kind == "stale-acknowledgement"]
    assert item.resource == "Dev/Data/Stale"


def test_a_finding_that_an_acknowledgement_hides_is_no_pass(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, DLQ, "Hidden")
    assert row.status is Status.FAIL
    assert "names no pack" in row.message


def test_a_resource_that_the_rule_cannot_recognise_is_no_pass(queues: Evidence, outcome: Outcome) -> None:
    row = outcome(queues, DLQ, "Untyped")  # made with CfnResource: cdk-nag asks for the class CfnQueue
    assert row.status is Status.NOT_RUN
    assert "aws-cdk-lib.CfnResource" in row.message


def test_a_rule_without_anything_to_look_at_is_not_applicable(queues: Evidence) -> None:
    (row,) = [each for each in queues.rows if each.rule.id == "AwsSolutions-EKS1"]
    assert (row.status, row.resource) == (Status.NOT_APPLICABLE, None)


def test_every_rule_of_both_packs_has_a_row(queues: Evidence) -> None:
    assert {row.rule.id for row in queues.rows} >= {rule.id for pack in NAG_PACKS for rule in pack.rules()}


def test_without_packs_nothing_passes(assembly: Callable[[str], Path], look: Look) -> None:
    evidence = look(assembly("without packs"))
    assert {row.status for row in evidence.rows} == {Status.NOT_RUN}
    assert evidence.profiles[0].unproven == ("AwsSolutions", "NIST.800.53.R5")
    assert not evidence.passed


def test_a_pack_that_did_not_run_is_enough_not_to_pass(assembly: Callable[[str], Path], look: Look) -> None:
    profiles = look(assembly("without packs")).profiles
    assert not Evidence(TODAY, profiles, (), ()).passed


def _drop_canary(report: dict[str, Any]) -> None:
    for plugin in report["pluginReports"]:
        plugin["suppressedViolations"] = [
            each
            for each in plugin["suppressedViolations"]
            if each["violatingConstructs"][0]["constructPath"] != "NagCanary/Topic"
        ]


def _crash(report: dict[str, Any]) -> None:
    for plugin in report["pluginReports"]:
        plugin["metadata"] = {"error": "out of order"}


def _empty(report: dict[str, Any]) -> None:
    report["pluginReports"] = []


@pytest.mark.parametrize("tamper", [_drop_canary, _crash, _empty])
def test_a_pack_that_is_not_proven_to_have_run_passes_nothing(
    copy: Callable[[str], Path], look: Look, tamper: Callable[[dict[str, Any]], None]
) -> None:
    folder = copy("queues")
    path = folder / "validation-report.json"
    report = json.loads(path.read_text())
    tamper(report)
    path.write_text(json.dumps(report))
    evidence = look(folder)
    assert passes(evidence) == []
    assert not evidence.passed


def test_a_report_of_an_earlier_synth_passes_nothing(copy: Callable[[str], Path], look: Look) -> None:
    folder = copy("queues")
    os.utime(folder / "validation-report.json", (0, 0))
    evidence = look(folder)
    assert passes(evidence) == []
    assert "bad-report" in {each.kind for each in evidence.open}


def test_without_the_construct_tree_nothing_passes(copy: Callable[[str], Path], look: Look) -> None:
    folder = copy("queues")
    (folder / "tree.json").unlink()
    assert passes(look(folder)) == []


class Rules:
    """A rule set of one rule, which finds what it is told to."""

    name = "Ours"

    def __init__(self, *logical_ids: str) -> None:
        self._logical_ids = logical_ids

    def rules(self, _: Assembly) -> tuple[EvidenceRule, ...]:
        return (
            EvidenceRule("Ours-Queue", "Ours", "a rule", "high", ("AC-6",), ("AC-1",), {"AWS::SQS::Queue": ANY_CLASS}),
        )

    def proven(self, _: Assembly) -> bool:
        return True

    def findings(self, assembly: Assembly) -> Iterator[Told]:
        for each in assembly.resources:
            if each.logical_id in self._logical_ids:
                yield Told("Ours-Queue", each.template, each.logical_id, "is wrong")


def test_what_a_rule_set_finds_itself_fails_and_the_rest_passes(
    assembly: Callable[[str], Path], look: Look, outcome: Outcome
) -> None:
    evidence = look(assembly("queues"), (Rules("Accepted"),))
    assert outcome(evidence, "Ours-Queue", "Accepted").status is Status.FAIL
    assert outcome(evidence, "Ours-Queue", "Untyped").status is Status.PASS  # it reads templates: no class is asked for


def test_our_own_rules_are_run_over_the_templates(assembly: Callable[[str], Path], look: Look) -> None:
    evidence = look(assembly("queues"), (OwnRules(),))
    assert evidence.profiles[0].proven == ("GovML",)
    assert {row.rule.id for row in evidence.rows if row.rule.source == "GovML"} == set(load_rules())


def test_acknowledgements_are_counted_by_line_of_code_and_rule(queues: Evidence) -> None:
    (one,) = queues.acknowledgements
    assert (one.rule, one.places, one.profiles, len(one.rows)) == (DLQ, ("Dev/Data/Accepted",), ("profile",), 1)
