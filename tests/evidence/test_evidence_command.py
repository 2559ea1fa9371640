"""`govml evidence`, as a reviewer and CI call it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import govml

from govml.evidence.outputs import OUTPUTS

REPOSITORY = Path(__file__).resolve().parents[2]
Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """The whole command once: synth, matrix, every output."""
    folder = tmp_path_factory.mktemp("evidence")
    config = REPOSITORY / "config" / "sandbox.yaml"
    arguments = ["--config", config, "--json", "--output", folder, "--today", "2026-11-27"]
    command = [sys.executable, "-m", "govml.cli.main", "evidence", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY), folder


def test_the_sandbox_is_clean_and_standard_output_is_one_document(sandbox: tuple[Run, Path]) -> None:
    done, _ = sandbox
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["clean"] is True
    assert content["open"] == []
    assert content["profiles"][0]["profile"] == "sandbox"
    assert content["profiles"][0]["unproven"] == []
    assert content["passed"]["total"] > 0
    assert "synthesising sandbox" in done.stderr


def test_every_acknowledgement_can_be_found_in_the_code(sandbox: tuple[Run, Path]) -> None:
    content = json.loads(sandbox[0].stdout)
    assert 0 < len(content["acknowledgements"]) <= 14  # by line of code and rule; it only goes down
    for each in content["acknowledgements"]:
        assert each["rule"] and each["construct"] and each["reason"] and each["owner"] and each["expires"]
        file, _, line = each["source"].rpartition(":")
        assert "acknowledge(" in (REPOSITORY / file).read_text().splitlines()[int(line) - 1]


def test_every_file_is_written(sandbox: tuple[Run, Path]) -> None:
    done, folder = sandbox
    assert {path.name for path in folder.iterdir()} == set(OUTPUTS)
    assert json.loads((folder / "evidence.json").read_text()) == json.loads(done.stdout)


def test_open_findings_end_in_exit_code_1(assembly: Callable[[str], Path]) -> None:
    done = govml("evidence", "--assembly", assembly("queues"), "--today", "2026-11-27")
    assert done.returncode == 1
    assert "open-finding: AwsSolutions-SQS3 at Dev/Data/Open" in done.stdout


def test_packs_that_did_not_run_end_in_exit_code_1(assembly: Callable[[str], Path]) -> None:
    done = govml("evidence", "--assembly", assembly("without packs"))
    assert done.returncode == 1
    assert "not proven to have run: AwsSolutions, NIST.800.53.R5" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "no-such.yaml"), "no-such.yaml"),
        (("--all-profiles", "--assembly", "x"), "exclude each other"),
        (("--assembly", "no-such-folder"), "not a cloud assembly"),
        (("--assembly", "docs", "--output", "README.md"), "README.md is not a folder"),
        (("--today", "tomorrow"), "not a day"),
    ],
)
def test_mistakes_of_the_user_end_in_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(REPOSITORY)
    done = govml("evidence", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
