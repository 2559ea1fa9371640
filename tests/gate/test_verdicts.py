"""What the gate says about real assemblies, synthesised with the real cdk-nag."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.gate.judge import judge
from govml.gate.verdict import Verdict

TODAY = date(2026, 11, 21)
Kinds = Callable[[Verdict], set[tuple[str, str, str]]]
S1, S10 = "AwsSolutions::AwsSolutions-S1", "AwsSolutions::AwsSolutions-S10"


@pytest.fixture(scope="session")
def dirty(synthesised: Callable[[str], Path]) -> Verdict:
    return judge(synthesised("dirty"), TODAY)


def test_a_clean_assembly_passes_and_is_counted(verdict: Callable[[str], Verdict]) -> None:
    clean = verdict("clean")
    assert clean.passed, clean.refusals
    assert clean.packs == ("AwsSolutions", "NIST.800.53.R5")
    assert (clean.stacks, clean.resources) == (2, 2)
    # Nine findings of the packs on each of two buckets, and those of the own rules; the positive control is not among them.
    of_packs = [each for each in clean.accepted if not each.rule.startswith("GovML-")]
    assert len(of_packs) == 18
    assert len(clean.accepted) > len(of_packs)
    assert {item.path for item in clean.accepted} == {"Plain/Bucket", "Dev/Data/Bucket"}
    one = clean.accepted[0]
    assert (one.owner, one.expires) == ("data-team", date(2027, 6, 30))
    assert one.reason == "Open data, replaced every night from its source."


def test_the_positive_control_is_in_no_template(synthesised: Callable[[str], Path]) -> None:
    files = [path for path in synthesised("clean").rglob("*") if path.is_file() and "Canary" in path.read_text()]
    assert {path.name for path in files} == {"validation-report.json", "tree.json"}


def test_open_findings_are_refused(dirty: Verdict, kinds: Kinds) -> None:
    assert not dirty.passed
    opened = {(rule, path) for kind, rule, path in kinds(dirty) if kind == "open-finding"}
    assert ("AwsSolutions-S1", "Dev/Data/Open") in opened
    assert ("NIST.800.53.R5-S3DefaultEncryptionKMS", "Dev/Data/Open") in opened
    assert not [path for _, path in opened if path not in {"Dev/Data/Open", "Dev/Data/NoSuchPack", "Dev/Data"}]


def test_warnings_and_errors_of_cdk_itself_are_refused(dirty: Verdict) -> None:
    said = {refusal.message for refusal in dirty.refusals if refusal.rule == "CDK annotation"}
    assert said == {"warning: this is old [ack: @acme/demo:old]", "error: this is wrong"}


def test_an_acknowledgement_without_its_pack_is_refused(dirty: Verdict, kinds: Kinds) -> None:
    assert ("hidden-acknowledgement", "AwsSolutions-S10", "Dev/Data/Hidden") in kinds(dirty)
    # That is why: cdk-nag itself says nothing at all about this finding.
    assert ("open-finding", "AwsSolutions-S10", "Dev/Data/Hidden") not in kinds(dirty)


@pytest.mark.parametrize("name", ["NoText", "NoOwner", "Short"])
def test_an_acknowledgement_that_says_nothing_is_refused(dirty: Verdict, kinds: Kinds, name: str) -> None:
    assert ("unusable-acknowledgement", S10, f"Dev/Data/{name}") in kinds(dirty)
    assert not [item for item in dirty.accepted if item.rule == "AwsSolutions-S10" and item.path.endswith(f"/{name}")]


def test_an_acknowledgement_holds_to_its_last_day_and_400_days_at_most(
    dirty: Verdict, kinds: Kinds, synthesised: Callable[[str], Path]
) -> None:
    assert ("expired-acknowledgement", S1, "Dev/Data/Expired") in kinds(dirty)
    assert ("unusable-acknowledgement", S1, "Dev/Data/TooFar") in kinds(dirty)
    assert not [path for kind, _, path in kinds(dirty) if path == "Dev/Data/LastDay"]
    tomorrow = kinds(judge(synthesised("dirty"), date(2026, 11, 22)))
    assert ("expired-acknowledgement", S1, "Dev/Data/LastDay") in tomorrow
    assert ("unusable-acknowledgement", S1, "Dev/Data/TooFar") not in tomorrow


def test_an_acknowledgement_that_matches_nothing_is_refused(dirty: Verdict, kinds: Kinds) -> None:
    stale = {(rule, path) for kind, rule, path in kinds(dirty) if kind == "stale-acknowledgement"}
    assert stale == {
        ("AwsSolutions::AwsSolutions-S5", "Dev/Data/Stale"),
        ("HIPAA.Security::HIPAA.Security-S3", "Dev/Data/NoSuchPack"),
    }


def test_two_acknowledgements_of_one_finding_are_refused(dirty: Verdict, kinds: Kinds) -> None:
    repeated = {(rule, path) for kind, rule, path in kinds(dirty) if kind == "repeated-acknowledgement"}
    assert repeated == {(S1, "Dev/Data/Twice")}


def test_an_acknowledgement_for_a_whole_stack_is_refused(dirty: Verdict, kinds: Kinds) -> None:
    assert {path for kind, _, path in kinds(dirty) if kind == "wide-acknowledgement"} == {"Wide"}


def test_a_crashed_plugin_is_refused_by_its_name(verdict: Callable[[str], Verdict], kinds: Kinds) -> None:
    crashed = verdict("crashing")
    assert kinds(crashed) == {("crashed-plugin", "Crashing", "")}
    assert "out of order" in crashed.refusals[0].message
    assert crashed.packs == ("AwsSolutions", "NIST.800.53.R5")  # the others ran, and that is still proven


def test_a_pack_that_runs_twice_is_refused(verdict: Callable[[str], Verdict], kinds: Kinds) -> None:
    assert kinds(verdict("repeated")) == {("repeated-plugin", "AwsSolutions", "")}


def test_no_report_is_refused(verdict: Callable[[str], Verdict], kinds: Kinds) -> None:
    assert kinds(verdict("without packs")) == {("bad-report", "validation-report.json", "")}


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"artifacts": 3}', '{"artifacts": {"a": {}}}'])
def test_what_is_no_assembly_is_a_mistake_of_the_user(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    if content == "{}":
        assert not judge(tmp_path, TODAY).passed  # an assembly of nothing: it has no report
        return
    with pytest.raises(UserError, match="not a cloud assembly"):
        judge(tmp_path, TODAY)
