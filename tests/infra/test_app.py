"""`python app.py`, as the CDK command line starts it: without network or credentials, and with a user's mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from cfn_templates import Deployment, read_deployment

import app as entry
from govml.errors import UserError
from govml_constructs.ml.pipeline_definition import DefinitionError

REPOSITORY = Path(__file__).resolve().parents[2]
CDK_CONTEXT = json.loads((REPOSITORY / "cdk.json").read_text())["context"]


def run(out: Path, *before: str, **context: str) -> subprocess.CompletedProcess[str]:
    """Run the app with nothing in its environment but what it needs to find Node and its cache."""
    settings = {**CDK_CONTEXT, **{f"govml:{key.replace('_', '-')}": value for key, value in context.items()}}
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],  # jsii keeps its unpacked libraries there
        "CDK_OUTDIR": str(out),
        "CDK_VALIDATION": "false",
        "CDK_CONTEXT_JSON": json.dumps(settings),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    }
    command = [*before, sys.executable, "app.py"]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def without_network() -> list[str]:
    """Return a command that runs another in a network namespace without any interface, where the system allows it."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
        return command
    return []


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of a run that has no network where the system allows it, and is told of no agency file."""
    out = tmp_path_factory.mktemp("offline")
    result = run(out, *without_network())
    assert result.returncode == 0, result.stderr
    return out


def test_a_synth_needs_neither_credentials_nor_network(offline: Path, sandbox: Deployment) -> None:
    assert read_deployment(offline).templates.keys() == sandbox.templates.keys()
    assert json.loads((offline / "manifest.json").read_bytes()).get("missing", []) == []  # nothing was looked up


def test_the_path_of_the_agency_file_does_not_change_the_templates(offline: Path, sandbox: Deployment) -> None:
    """A run of its own, which takes the default's relative path, against a build in this process from an absolute one."""
    assert {name: each.body for name, each in read_deployment(offline).templates.items()} == {
        name: each.body for name, each in sandbox.templates.items()
    }


def test_a_typo_in_the_file_is_told_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text((REPOSITORY / "config" / "sandbox.yaml").read_text().replace("maturity:", "maturty:", 1))
    result = run(tmp_path / "out", config=str(path))
    assert result.returncode == 2
    assert result.stderr.startswith("error:")
    assert "maturty" in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert not (tmp_path / "out" / "manifest.json").exists()


@pytest.mark.parametrize("error", [UserError("no such thing"), DefinitionError("$.Steps[0]: unknown placeholder")])
def test_every_error_of_the_user_s_ends_in_exit_code_2(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(_app: App) -> None:
        raise error

    monkeypatch.setattr(entry, "build", build)
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == 2
    assert capsys.readouterr().err == f"error: {error}\n"


def test_the_app_is_short() -> None:
    assert len((REPOSITORY / "app.py").read_text().splitlines()) <= 60
