"""A state directory of its own for each test, and a quick stand-in for the emulator's process."""

from __future__ import annotations

import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FAKE = Path(__file__).with_name("fake_emulator.py")


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("GOVML_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def emulator_command(
    tmp_path: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Path]]:
    """Put a shell script in the place of the emulator's Python. What was started is ended after the test."""
    from govml.local import lifecycle

    def use(body: str) -> Path:
        script = tmp_path / "emulator.sh"
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(lifecycle.sys, "executable", str(script))
        return script

    yield use
    lifecycle.down()


@pytest.fixture
def fake_emulator(emulator_command: Callable[[str], Path]) -> Path:
    """A process that answers the health question and starts a child of its own, like a Lambda handler."""
    return emulator_command(f'exec "{sys.executable}" "{FAKE}" "$@"')
