from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import pytest
from govml_processes import gone

from govml.errors import UserError
from govml.local import connection, health, lifecycle, state
from govml.local.emulator import versions

ACCOUNT, REGION = "111122223333", "ap-southeast-1"


def start(port: int) -> lifecycle.Started:
    return lifecycle.up(account_id=ACCOUNT, region=REGION, port=port)


def test_up_tells_where_the_account_is_and_connection_finds_it(fake_emulator: Path, free_port: int) -> None:
    started = start(free_port)
    assert not started.recovered
    assert connection() == started.connection
    assert (connection().account, connection().region) == (ACCOUNT, REGION)
    known = state.read_state()
    assert known is not None
    assert (known.pid, known.port) == (started.pid, free_port)


def test_up_refuses_a_second_account_and_names_process_port_and_account(fake_emulator: Path, free_port: int) -> None:
    started = start(free_port)
    with pytest.raises(UserError) as error:
        start(free_port + 1)
    for detail in (str(started.pid), str(free_port), ACCOUNT, "govml local down"):
        assert detail in str(error.value)


def test_down_ends_the_process_and_its_children_and_may_be_repeated(fake_emulator: Path, free_port: int) -> None:
    started = start(free_port)
    child = int((state.state_directory() / "child.pid").read_text())
    assert lifecycle.down()
    assert gone(started.pid)
    assert gone(child)
    assert health.is_free(free_port)
    assert not state.state_file().exists()
    assert not lifecycle.down()


def test_down_ends_a_process_that_ignores_the_polite_signal(
    fake_emulator: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_EMULATOR_IGNORES_SIGTERM", "1")
    monkeypatch.setattr(lifecycle, "_STOP_SECONDS", 0.2)
    started = start(free_port)
    assert lifecycle.down()
    assert gone(started.pid)


def test_up_clears_what_a_process_left_behind_that_was_killed(fake_emulator: Path, free_port: int) -> None:
    first = start(free_port)
    state.fidelity_file().write_text("[]")
    os.killpg(first.pid, signal.SIGKILL)
    assert gone(first.pid)
    with pytest.raises(UserError, match="not running"):
        connection()
    second = start(free_port)
    assert second.recovered
    assert not state.fidelity_file().exists()


def test_a_process_id_that_belongs_to_somebody_else_now_is_left_alone(state_dir: Path, free_port: int) -> None:
    state_dir.mkdir()
    (state_dir / "alive.lock").touch()
    state.write_state(state.State(os.getpid(), free_port, ACCOUNT, REGION, "2026-01-01T00:00:00+00:00"))
    assert not state.is_running()
    assert not lifecycle.down()


def test_up_refuses_a_port_that_another_program_holds(fake_emulator: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} is taken by another program") as error:
            start(port)
    assert "--port" in error.value.hint
    assert not state.is_running()


def test_up_tells_a_port_that_the_account_of_another_folder_holds(
    fake_emulator: Path, free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(free_port)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("GOVML_STATE_DIR", str(tmp_path / "elsewhere"))
        with pytest.raises(UserError, match="another local account"):
            start(free_port)


def test_a_start_that_fails_shows_the_end_of_the_log(emulator_command, free_port: int) -> None:
    emulator_command("echo 'cannot bind the thing'; exit 3")
    with pytest.raises(UserError) as error:
        start(free_port)
    assert "exit code 3" in str(error.value)
    assert "cannot bind the thing" in str(error.value)
    assert not state.is_running()
    assert not state.state_file().exists()


def test_a_start_that_hangs_is_ended(emulator_command, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator_command('echo $$ > "$GOVML_STATE_DIR/pid"; exec sleep 600')
    monkeypatch.setattr(lifecycle, "_START_SECONDS", 0.5)
    with pytest.raises(UserError, match="did not answer"):
        start(free_port)
    assert gone(int((state.state_directory() / "pid").read_text()))
    assert not state.is_running()


def test_up_refuses_other_versions_of_the_emulator_before_it_starts_anything(
    state_dir: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions.metadata, "version", lambda _: "9.9.9")
    with pytest.raises(UserError, match=r"ministack 1\.5\.33 is needed and 9\.9\.9 is installed"):
        start(free_port)
    assert not state_dir.exists()


def test_the_emulator_process_gets_no_credentials_of_the_user(
    fake_emulator: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    start(free_port)
    seen = json.loads((state.state_directory() / "environ.json").read_text())
    assert "AWS_PROFILE" not in seen
    assert seen["AWS_ACCESS_KEY_ID"] == ACCOUNT
    assert seen["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{free_port}"
    assert seen["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
