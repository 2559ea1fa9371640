"""The files that reviewers and their tools read: each valid by its own standard, and the same in every run."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.component import ComponentDefinition

from govml.evidence.evidence import Evidence, gather
from govml.evidence.nag_catalogue import NAG_PACKS
from govml.evidence.outputs import OUTPUTS, write_all
from govml.evidence.outputs.page import page
from govml.evidence.outputs.table import table
from govml.evidence.resource import read_assembly
from govml.evidence.row import Status

UUID5 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture
def evidence(assembly: Callable[[str], Path], look: Callable[..., Evidence]) -> Evidence:
    return look(assembly("queues"))


@pytest.fixture
def unproven(assembly: Callable[[str], Path], look: Callable[..., Evidence]) -> Evidence:
    return look(assembly("without packs"))


def written(evidence: Evidence, name: str) -> Any:
    return json.loads(OUTPUTS[name](evidence))


def test_the_same_evidence_gives_the_same_bytes(
    assembly: Callable[[str], Path], look: Callable[..., Evidence], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        write_all(look(assembly("queues")), tmp_path / name)
    for file in OUTPUTS:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_no_file_tells_on_which_machine_it_was_made(evidence: Evidence) -> None:
    folder = str(Path(__file__).resolve().parents[2])
    for name, make in OUTPUTS.items():
        assert folder not in make(evidence), name


# -- CSV


def test_the_csv_has_every_row(evidence: Evidence) -> None:
    rows = list(csv.DictReader(io.StringIO(table(evidence))))
    assert len(rows) == len(evidence.rows)
    (accepted,) = [row for row in rows if row["status"] == "acknowledged"]
    assert (accepted["rule"], accepted["owner"], accepted["expires"]) == (
        "AwsSolutions-SQS3",
        "data-team",
        "2027-06-30",
    )
    assert accepted["source"].startswith("tests/evidence/conftest.py:")
    assert accepted["public_sector"] == ""
    encrypted = next(row for row in rows if row["rule"] == "AwsSolutions-SQS2")
    assert (encrypted["nist_800_53_r5"], encrypted["public_sector"]) == ("SC-13 SC-28 SC-28(1)", "DP-2 CK-1")


def test_a_cell_that_a_spreadsheet_would_compute_is_disarmed(evidence: Evidence) -> None:
    from dataclasses import replace

    row = replace(evidence.rows[0], message="=1+1")
    assert "'=1+1" in table(Evidence(evidence.day, evidence.profiles, (row,), ()))


# -- SARIF


def test_sarif_is_valid_by_the_official_schema(evidence: Evidence, unproven: Evidence) -> None:
    for each in (evidence, unproven):
        SarifLog.model_validate_json(OUTPUTS["evidence.sarif"](each))


def test_sarif_suppresses_what_is_accepted_at_the_line_that_accepts_it(evidence: Evidence) -> None:
    (run,) = written(evidence, "evidence.sarif")["runs"]
    (accepted,) = [each for each in run["results"] if "suppressions" in each]
    (suppression,) = accepted["suppressions"]
    assert suppression["justification"] == "Open data, replaced every night from its source."
    assert suppression["properties"]["owner"] == "data-team"
    place = accepted["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "tests/evidence/conftest.py", "uriBaseId": "REPOSITORY"}
    assert place["region"]["startLine"] > 1
    assert run["tool"]["driver"]["rules"][accepted["ruleIndex"]]["id"] == accepted["ruleId"]


def test_sarif_places_open_findings_in_their_templates(evidence: Evidence, assembly: Callable[[str], Path]) -> None:
    (run,) = written(evidence, "evidence.sarif")["runs"]
    lines = set()
    for each in run["results"]:
        if "suppressions" not in each:
            place = each["locations"][0]["physicalLocation"]
            text = (assembly("queues") / place["artifactLocation"]["uri"]).read_text().splitlines()
            assert text[place["region"]["startLine"] - 1].strip() == f'"{each["properties"]["logicalId"]}": {{'
            lines.add(place["region"]["startLine"])
    assert len(lines) > 1


def test_sarif_says_when_a_pack_did_not_run(unproven: Evidence) -> None:
    (run,) = written(unproven, "evidence.sarif")["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "bad-report" in {each["descriptor"]["id"] for each in invocation["toolExecutionNotifications"]}


# -- OSCAL


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("oscal-component-definition.json", ComponentDefinition),
        ("oscal-assessment-results.json", AssessmentResults),
    ],
)
def test_oscal_is_valid_by_compliance_trestle(
    evidence: Evidence, unproven: Evidence, tmp_path: Path, name: str, model: Any
) -> None:
    for number, each in enumerate((evidence, unproven)):
        folder = tmp_path / str(number)
        write_all(each, folder)
        assert model.oscal_read(folder / name) is not None


def uuids(node: Any) -> list[str]:
    """Return every identifier that is declared, as opposed to referred to."""
    if isinstance(node, list):
        return [found for each in node for found in uuids(each)]
    if isinstance(node, dict):
        own = [node["uuid"]] if "uuid" in node else []
        return own + [found for each in node.values() for found in uuids(each)]
    return []


def references(node: Any) -> set[str]:
    """Return every identifier that is referred to."""
    if isinstance(node, list):
        return {found for each in node for found in references(each)}
    if isinstance(node, dict):
        own = {value for key, value in node.items() if key.endswith("-uuid") and key != "component-uuid"}
        return own | {found for each in node.values() for found in references(each)}
    return set()


def test_oscal_identifiers_are_name_based_unique_and_resolve(evidence: Evidence) -> None:
    for name in ("oscal-component-definition.json", "oscal-assessment-results.json"):
        content = written(evidence, name)
        declared = uuids(content)
        assert len(declared) == len(set(declared))
        assert all(UUID5.fullmatch(each) for each in declared)
        assert references(content) <= set(declared)


def test_only_passes_alone_satisfy_a_control(evidence: Evidence) -> None:
    clean = Evidence(
        evidence.day, evidence.profiles, tuple(each for each in evidence.rows if each.status is Status.PASS), ()
    )
    for each, wanted in ((evidence, "not-satisfied"), (clean, "satisfied")):
        (result,) = written(each, "oscal-assessment-results.json")["assessment-results"]["results"]
        assert {found["target"]["status"]["state"] for found in result["findings"]} == {wanted}


def test_an_accepted_risk_has_statement_owner_and_deadline(evidence: Evidence) -> None:
    (result,) = written(evidence, "oscal-assessment-results.json")["assessment-results"]["results"]
    (risk,) = result["risks"]
    assert (risk["status"], risk["deadline"]) == ("deviation-approved", "2027-06-30T00:00:00+00:00")
    assert {each["name"]: each["value"] for each in risk["props"]}["owner"] == "data-team"


def test_oscal_claims_nothing_for_packs_that_did_not_run(unproven: Evidence) -> None:
    (result,) = written(unproven, "oscal-assessment-results.json")["assessment-results"]["results"]
    assert "NOT proven to have run: AwsSolutions" in result["description"]
    assert {each["target"]["status"]["state"] for each in result["findings"]} == {"not-satisfied"}


# -- HTML


class Reader(html.parser.HTMLParser):
    """Collects what a page would load, and whether its elements are closed in order."""

    VOID = frozenset({"meta", "input", "br", "link", "img", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.loads += [
            str(value) for key, value in attrs if key in ("src", "href", "action") and not str(value).startswith("#")
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_loads_nothing_and_is_well_formed(evidence: Evidence) -> None:
    reader = Reader()
    text = page(evidence)
    reader.feed(text)
    assert reader.loads == []
    assert reader.open == []
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_runs_its_own_script_only(evidence: Evidence) -> None:
    import base64
    import hashlib

    text = page(evidence)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    for element, directive in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_the_page_shows_everything_that_a_reviewer_decides_on(evidence: Evidence) -> None:
    text = page(evidence).replace("<wbr>", "")
    for each in (
        "data-team",
        "2027-06-30",
        "tests/evidence/conftest.py:",
        "Dev/Data/Open",
        "stale-acknowledgement",
        "DP-2",
    ):
        assert each in text
    assert "banner bad" in text


def test_the_page_says_when_a_pack_did_not_run(unproven: Evidence) -> None:
    assert "Not proven to have run: AwsSolutions, NIST.800.53.R5" in page(unproven)


def test_text_from_outside_is_escaped(evidence: Evidence) -> None:
    from dataclasses import replace

    row = replace(evidence.rows[0], status=Status.FAIL, path="<script>alert(1)</script>", resource=None)
    text = page(Evidence(evidence.day, evidence.profiles, (row,), ()))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


# -- JSON


def test_the_document_has_every_row_and_what_it_refers_to(evidence: Evidence) -> None:
    content = written(evidence, "evidence.json")
    assert len(content["rows"]) == len(evidence.rows)
    assert {row["rule"].partition("[")[0] for row in content["rows"]} == set(content["rules"])
    assert content["rules"]["AwsSolutions-SQS2"]["public_sector"] == ["DP-2", "CK-1"]
    assert (
        content["passed"]["total"]
        == content["counts"]["pass"]
        == sum(row["status"] == "pass" for row in content["rows"])
    )
    assert {each["id"] for each in content["controls"]["public_sector"]} >= {"DP-2", "IS-14"}


# -- several profiles


def test_an_acknowledgement_of_two_profiles_counts_once(assembly: Callable[[str], Path]) -> None:
    both = gather([read_assembly(assembly("queues"), name) for name in ("a", "b")], date(2026, 11, 27), NAG_PACKS)
    content = written(both, "evidence.json")
    (one,) = content["acknowledgements"]
    assert (one["profiles"], one["findings"]) == (["a", "b"], 2)
    assert len(content["acknowledged_findings"]) == 2
    assert {each["profile"] for each in content["open"]} == {"a", "b"}
