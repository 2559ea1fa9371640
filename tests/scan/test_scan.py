"""`govml scan`: what each scanner prints is read, accepted with a reason or open, and a silent scanner is no proof.

The scanners of `.venv-scan` stand in as small programs that print what the real ones print; `make scan` runs the real ones
in CI, and their canaries fail it when their output is no longer read as it should be.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.evidence.resource import Assembly, Resource
from govml.gate.assembly import Stack
from govml.scan import scan as module
from govml.scan.canary import FILE
from govml.scan.exceptions import ScanException, read_exceptions
from govml.scan.finding import ScanFinding
from govml.scan.scan import ScanResult, scan
from govml.scan.scanners import cfn_lint, checkov, cloudformation_validate

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 27)
GOOD = """
- scanner: checkov
  rule: CKV_AWS_18
  at: "*/Logs/Bucket"
  reason: It is where the access logs of all others go.
  owner: platform-security
  expires: 2027-11-20
"""


@pytest.fixture
def exceptions(tmp_path: Path) -> Callable[[str], list[ScanException]]:
    def _exceptions(text: str) -> list[ScanException]:
        path = tmp_path / "exceptions.yaml"
        path.write_text(text)
        return read_exceptions(path, TODAY)

    return _exceptions


# -- exceptions


def test_an_exception_covers_its_rule_at_its_place_in_every_environment(
    exceptions: Callable[[str], list[ScanException]],
) -> None:
    (one,) = exceptions(GOOD)
    assert one.covers("checkov", "CKV_AWS_18", "sandbox-dev/Data/Lake/Logs/Bucket")
    assert one.covers("checkov", "CKV_AWS_18", "agency-prod/Data/Lake/Logs/Bucket")
    assert not one.covers("checkov", "CKV_AWS_18", "sandbox-dev/Data/Lake/Raw/Bucket")
    assert not one.covers("checkov", "CKV_AWS_19", "sandbox-dev/Data/Lake/Logs/Bucket")
    assert not one.covers("cfn-lint", "CKV_AWS_18", "sandbox-dev/Data/Lake/Logs/Bucket")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  owner: platform-security\n", "", "has exactly"),
        ("platform-security", '""', "an owner"),
        ("It is where the access logs of all others go.", "because", "a reason of 20 characters"),
        ('"*/Logs/Bucket"', '"*"', "covers everything"),
        ("2027-11-20", "2026-11-26", "expired on 2026-11-26"),
        ("2027-11-20", "soon", "must be a day"),
        ("at:", "at: [", "cannot be read"),
    ],
)
def test_an_exception_that_a_reviewer_could_not_use_is_refused(
    exceptions: Callable[[str], list[ScanException]], old: str, new: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        exceptions(GOOD.replace(old, new))


def test_a_file_that_is_no_list_is_refused(exceptions: Callable[[str], list[ScanException]]) -> None:
    with pytest.raises(UserError, match="list of exceptions"):
        exceptions("checkov: CKV_AWS_18")


def test_an_error_names_the_line(exceptions: Callable[[str], list[ScanException]]) -> None:
    with pytest.raises(UserError, match=r"exceptions.yaml:10: "):
        exceptions(GOOD + "\n" + GOOD.replace("  owner: platform-security\n", ""))


def test_the_blueprint_s_own_exceptions_can_be_read() -> None:
    assert read_exceptions(REPOSITORY / "scanners" / "exceptions.yaml", TODAY)


# -- what the scanners print


def program(path: Path, printed: object, code: int = 0) -> None:
    """Write a program that prints something, whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\nprint({json.dumps(printed)!r})\nraise SystemExit({code})\n")
    path.chmod(0o755)


def test_checkov_s_findings_are_read(tmp_path: Path) -> None:
    failed = {
        "check_id": "CKV_AWS_18",
        "check_name": "access logs",
        "file_path": "/one/a.template.json",
        "resource": "AWS::S3::Bucket.Bucket",
    }
    program(tmp_path / "bin/checkov", {"results": {"failed_checks": [failed], "parsing_errors": ["/b.json"]}}, 1)
    assert checkov(tmp_path, tmp_path) == [
        ScanFinding("checkov", "parsing-error", "/b.json", "", "checkov cannot read this template"),
        ScanFinding("checkov", "CKV_AWS_18", str(tmp_path / "one/a.template.json"), "Bucket", "access logs"),
    ]


def test_cloudformation_validate_s_findings_are_read(tmp_path: Path) -> None:
    found = {"rule": "F3002", "template": "a.json", "logical_id": "Bucket", "message": "unexpected"}
    program(tmp_path / "bin/python", [found])
    assert cloudformation_validate([Path("a.json")], tmp_path) == [
        ScanFinding("cloudformation-validate", "F3002", "a.json", "Bucket", "unexpected")
    ]


def test_cfn_lint_knows_the_region(tmp_path: Path) -> None:
    path = tmp_path / "a.template.json"
    path.write_text(json.dumps({"Resources": {"Phone": {"Type": "AWS::Connect::Nothing"}}}))
    (found,) = cfn_lint([path], ["ap-southeast-1"])
    assert (found.rule, found.template, found.logical_id) == ("E3006", str(path), "Phone")
    assert "ap-southeast-1" in found.message


@pytest.mark.parametrize("code", [2, 0])
def test_a_scanner_that_prints_no_findings_is_no_clean_one(tmp_path: Path, code: int) -> None:
    path = tmp_path / "bin/checkov"
    program(path, "", code)
    path.write_text(path.read_text().replace("print(", "print('Traceback ...' or "))
    with pytest.raises(UserError, match=f"exit code {code}"):
        checkov(tmp_path, tmp_path)


def test_a_scanner_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be run"):
        checkov(tmp_path, tmp_path)


# -- the scan


CANARIES = (("checkov", "CKV_AWS_18"), ("cfn-lint", "E3002"), ("cloudformation-validate", "F3002"))


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScanResult]:
    """Scan one template of one bucket with scanners that find what they are told to."""

    def _scanned(
        found: Sequence[str] = (),
        *,
        exceptions: Sequence[ScanException] = (),
        canaries: Sequence[tuple[str, str]] = CANARIES,
        every_profile: bool = True,
    ) -> ScanResult:
        made = tmp_path / "out"
        made.mkdir()
        template = made / "a.template.json"
        template.write_text("{}")
        stack = Stack("dev/Data", template, "ap-southeast-1", {"Bucket": {"Type": "AWS::S3::Bucket"}}, ())
        resource = Resource("a.template.json", "Bucket", "AWS::S3::Bucket", "dev/Data/Logs/Bucket", "")
        assembly = Assembly("sandbox", made, (stack,), (resource,), ())
        work = tmp_path / "work"
        work.mkdir()

        def all_of(scanner: str) -> list[ScanFinding]:
            at = str(work / "sandbox" / "a.template.json")
            own = [ScanFinding(scanner, rule, at, "Bucket", "wrong") for rule in found if scanner == "checkov"]
            seen = [ScanFinding(name, rule, str(work / FILE), "", "") for name, rule in canaries if name == scanner]
            return own + seen

        monkeypatch.setattr(module, "checkov", lambda *_: all_of("checkov"))
        monkeypatch.setattr(module, "cfn_lint", lambda *_: all_of("cfn-lint"))
        monkeypatch.setattr(module, "cloudformation_validate", lambda *_: all_of("cloudformation-validate"))
        return scan([assembly], exceptions, environment=tmp_path, folder=work, every_profile=every_profile)

    return _scanned


def test_a_clean_scan_passes(scanned: Callable[..., ScanResult]) -> None:
    result = scanned()
    assert result.passed
    assert result.templates == 1


def test_a_finding_is_open_with_its_construct(scanned: Callable[..., ScanResult]) -> None:
    result = scanned(["CKV_AWS_18"])
    assert not result.passed
    assert [(finding.rule, path) for finding, path in result.open] == [("CKV_AWS_18", "dev/Data/Logs/Bucket")]


def test_an_accepted_finding_is_set_aside(
    scanned: Callable[..., ScanResult], exceptions: Callable[[str], list[ScanException]]
) -> None:
    result = scanned(["CKV_AWS_18"], exceptions=exceptions(GOOD))
    assert result.passed
    assert len(result.accepted) == 1


def test_an_exception_that_matches_nothing_fails_the_scan(
    scanned: Callable[..., ScanResult], exceptions: Callable[[str], list[ScanException]]
) -> None:
    result = scanned(exceptions=exceptions(GOOD))
    assert not result.passed
    assert [each.rule for each in result.stale] == ["CKV_AWS_18"]


def test_one_profile_alone_need_not_match_every_exception(
    scanned: Callable[..., ScanResult], exceptions: Callable[[str], list[ScanException]]
) -> None:
    assert scanned(exceptions=exceptions(GOOD), every_profile=False).passed


@pytest.mark.parametrize("silent", CANARIES)
def test_a_scanner_that_misses_its_canary_fails_the_scan(
    scanned: Callable[..., ScanResult], silent: tuple[str, str]
) -> None:
    result = scanned(canaries=[each for each in CANARIES if each != silent])
    assert not result.passed
    assert result.unproven == (silent[0],)


def test_without_the_scanners_the_command_says_how_to_get_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "govml.cli.main", "scan", "--environment", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 2
    assert "hint: make scan installs and runs them" in done.stderr
