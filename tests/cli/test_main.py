"""Whatever a path or a terminal refuses, the command says so in one line and ends with the documented exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from govml.cli import main as entry


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["govml", *arguments])
    monkeypatch.setattr(entry, "_leave_output", sys.exit)  # a test's own output stays
    with pytest.raises(SystemExit) as end:
        entry.main()
    return end.value.code


@pytest.mark.parametrize(
    ("output", "reason"), [("", "Is a directory"), ("none/x", "No such file"), ("f" * 5000, "File name too long")]
)
def test_a_path_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, output: str, reason: str
) -> None:
    assert ended(monkeypatch, "config", "schema", "--output", str(tmp_path / output)) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {tmp_path}"[:200])
    assert reason in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device on this system")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "govml.cli.main", "rules", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: No space left on device\n")


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise TimeoutError("the other end said nothing")

    monkeypatch.setattr(entry, "govml", broken)
    with pytest.raises(TimeoutError):
        entry.main()


def test_a_wrong_place_of_node_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")
    assert ended(monkeypatch, "synth", "--output", str(tmp_path / "out")) == 2
    assert "JSII_NODE is '/nowhere/node', and there is no such program" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
