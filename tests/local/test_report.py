from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from govml.cli.local import local
from govml.local.report import lines, read_report
from govml.local.state import fidelity_file


def entry(resource_type: str, tier: str, *, lost: tuple[str, ...] = (), audited: bool = True) -> dict[str, object]:
    return {
        "type": resource_type,
        "tier": tier,
        "backend": "moto",
        "checked": 4,
        "lost": list(lost),
        "audited": audited,
    }


def write(*entries: dict[str, object]) -> None:
    fidelity_file().parent.mkdir(parents=True, exist_ok=True)
    fidelity_file().write_text(json.dumps(entries))


def test_types_are_counted_by_tier_and_losses_are_named(state_dir: Path) -> None:
    write(
        entry("AWS::SageMaker::MlflowApp", "recorded only"),
        entry("AWS::S3::Bucket", "native"),
        entry("AWS::S3::Bucket", "native", lost=("Tags.a", "AccessControl")),
    )
    bucket, app = read_report()
    assert (bucket.resource_type, bucket.resources, bucket.checked) == ("AWS::S3::Bucket", 2, 8)
    assert app.tier == "recorded only"
    text = "\n".join(lines([bucket, app]))
    assert "lost: AccessControl, Tags.a" in text
    assert "12 properties were read back, 2 of them are lost" in text
    assert "no validation on AWS" in text


def test_a_type_that_is_never_read_back_is_told(state_dir: Path) -> None:
    write(entry("AWS::DynamoDB::Table", "native", audited=False))
    assert "not read back" in "\n".join(lines(read_report()))


def test_the_command_says_when_nothing_is_deployed(state_dir: Path) -> None:
    result = CliRunner().invoke(local, ["report"])
    assert (result.exit_code, result.output.strip()) == (0, "nothing is deployed in the local account")


def test_status_of_an_account_that_does_not_run(state_dir: Path) -> None:
    result = CliRunner().invoke(local, ["status", "--json"])
    assert (result.exit_code, json.loads(result.output)) == (1, {"running": False, "answers": False})
    assert CliRunner().invoke(local, ["status"]).output == "not running\n"


def test_down_says_when_nothing_runs(state_dir: Path) -> None:
    result = CliRunner().invoke(local, ["down"])
    assert (result.exit_code, result.output) == (0, "no local account was running\n")
