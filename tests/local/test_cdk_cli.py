from __future__ import annotations

import json
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.local import cdk_cli, deployment
from govml.local.access import Connection

HERE = Connection("http://127.0.0.1:4566", "111122223333", "ap-southeast-1")

DEPLOY = """\
sandbox-dev-Data |  3/19 | 3:46:09 AM | CREATE_COMPLETE | AWS::S3::Bucket | sandbox-dev/Data/Lake/Raw
 ✅  sandbox-dev/Data (sandbox-dev-Data)

✨  Deployment time: 5.2s

 ✅  sandbox-dev/Network (sandbox-dev-Network) (no changes)

✨  Deployment time: 0.31s

✨  Total time: 28.02s
"""
DESTROY = """\
sandbox-dev-Security |   9 | 3:47:17 AM | DELETE_SKIPPED | AWS::KMS::Key | sandbox-dev/Security/DataKey/Key (DataKey2A)
 ✅  sandbox-dev/Security (sandbox-dev-Security): destroyed
"""


@pytest.fixture
def cli(tmp_path: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a script in the CLI's place; it writes down how it was called, prints a text and ends with a code."""
    state_dir.mkdir()

    def use(output: str = "", code: int = 0) -> Path:
        script, calls = tmp_path / "cdk", tmp_path / "call.json"
        script.write_text(
            "#!/usr/bin/env python3\nimport json, os, sys\n"
            f"open({str(calls)!r}, 'w').write(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]))\n"
            f"sys.stdout.write({output!r})\nsys.exit({code})\n"
        )
        script.chmod(0o755)
        monkeypatch.setattr(cdk_cli, "require_node", lambda: "node")
        monkeypatch.setattr(cdk_cli, "require_cdk", lambda: script)
        return calls

    return use


def test_stacks_are_told_as_they_are_done_with_their_times(cli) -> None:
    cli(DEPLOY)
    told: list[tuple[str, str]] = []
    result = cdk_cli.run_cdk(HERE, ["deploy"], log_name="x.log", on_stack=lambda *item: told.append(item))
    assert told[0] == ("sandbox-dev/Data", "5.2 s")
    assert ("sandbox-dev/Network", "no changes") in told
    assert result.stacks["sandbox-dev/Data"] == 5.2
    assert result.code == 0
    assert result.log.read_text() == DEPLOY


def test_retained_resources_are_told(cli) -> None:
    cli(DESTROY)
    told: list[tuple[str, str]] = []
    result = cdk_cli.run_cdk(HERE, ["destroy"], log_name="x.log", on_stack=lambda *item: told.append(item))
    assert told == [("sandbox-dev/Security", "destroyed")]
    assert result.retained == ["sandbox-dev/Security/DataKey/Key (DataKey2A)"]


def test_the_lines_that_tell_of_a_failure_are_kept(cli) -> None:
    cli("x | CREATE_FAILED | AWS::S3::Bucket | Raw\n ❌  sandbox-dev/Data failed: no\n", code=1)
    result = cdk_cli.run_cdk(HERE, ["deploy"], log_name="x.log")
    assert result.code == 1
    assert len(result.trouble) == 2


def test_the_cli_sees_the_local_account_only_and_no_app_to_run(cli, state_dir, monkeypatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    calls = cli()
    cdk_cli.run_cdk(HERE, ["diff"], log_name="x.log")
    arguments, environment, folder = json.loads(calls.read_text())
    assert arguments == ["--no-notices", "diff"]
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_ENDPOINT_URL"] == HERE.endpoint_url
    assert environment["CDK_DISABLE_CLI_TELEMETRY"] == "true"
    assert Path(folder) == state_dir


def test_an_endpoint_elsewhere_is_refused_before_the_cli_starts(cli) -> None:
    calls = cli()
    with pytest.raises(UserError, match="loopback"):
        cdk_cli.run_cdk(Connection("https://example.com", "1", "x"), ["deploy"], log_name="x.log")
    assert not calls.exists()


@pytest.mark.parametrize(
    ("stacks", "patterns"),
    [((), ["**"]), (("Data",), ["**/Data"]), (("sandbox-dev/Data", "*/Net*"), ["sandbox-dev/Data", "*/Net*"])],
)
def test_stacks_may_be_named_without_their_stage(stacks, patterns, cli, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(deployment, "require_bootstrapped", lambda *_: None)
    calls = cli()
    deployment.deploy(HERE, tmp_path, stacks)
    arguments, _, _ = json.loads(calls.read_text())
    assert arguments[1:4] == ["deploy", "--app", str(tmp_path)]
    assert arguments[4 : 4 + len(patterns)] == patterns
    assert arguments[-4:] == ["--require-approval", "never", "--progress", "events"]


def test_a_folder_without_an_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no cloud assembly"):
        deployment.require_assembly(tmp_path)


def test_a_diff_is_shown_without_the_lines_about_publishing() -> None:
    text = "start: Building A\nsuccess: Built A\nHold on while we create a change set\n\nStack A\n[~] AWS::S3::Bucket Raw\n"
    assert deployment.without_progress(text) == "Stack A\n[~] AWS::S3::Bucket Raw"
