"""Starts and stops the local account's process."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from govml.errors import UserError
from govml.local import health
from govml.local.access import Connection
from govml.local.emulator import versions
from govml.local.emulator.settings import EmulatorSettings
from govml.local.paths import REPOSITORY, state_directory
from govml.local.state import (
    State,
    alive_lock,
    fidelity_file,
    is_running,
    log_file,
    read_state,
    state_file,
    write_state,
)

DEFAULT_PORT = 4566
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Started:
    """A start that succeeded.

    Args:
        connection: the way in.
        pid: process id.
        seconds: time until it answered.
        recovered: an earlier process had died without cleaning up.
    """

    connection: Connection
    pid: int
    seconds: float
    recovered: bool


def up(*, account_id: str, region: str, port: int = DEFAULT_PORT) -> Started:
    """Start an empty account and wait until it answers.

    Args:
        account_id: 12-digit account id.
        region: AWS region.
        port: TCP port on 127.0.0.1.

    Raises:
        UserError: one runs already, the port is taken, the emulator's packages are missing or of another version, or
            the process did not come up; the message then ends with the end of its log.
    """
    versions.require_supported()
    with alive_lock() as lock:
        if lock is None:
            raise _running_error()
        recovered = state_file().exists()
        _require_free(port)
        _clear()
        begin = time.monotonic()
        process = _spawn(account_id, region, port, lock)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        try:
            _await_health(process, port)
        except BaseException:
            _end_group(process.pid)
            process.wait()
            raise
        write_state(State(process.pid, port, account_id, region, now))
    connection = Connection(f"http://{health.LOOPBACK}:{port}", account_id, region)
    return Started(connection, process.pid, time.monotonic() - begin, recovered)


def down() -> bool:
    """Stop the account and everything that it started. It is no error when nothing runs.

    Returns:
        Whether something was running.

    Raises:
        UserError: the process that holds the lock is not known (its state file is gone), or does not end.
    """
    if not is_running():
        state_file().unlink(missing_ok=True)
        return False
    state = read_state()
    if state is None:
        raise UserError(
            f"an account runs, but {state_file()} is gone, so its process is not known",
            hint="end the process `python -m govml.local.emulator` by hand",
        )
    with suppress(ProcessLookupError):
        os.killpg(state.pid, signal.SIGTERM)
    _await_end()
    _end_group(state.pid)  # handlers of Lambda functions are in the same group
    if not _await_end():
        raise UserError(f"process {state.pid} does not end", hint="look at it with `ps`; it holds the local account")
    state_file().unlink(missing_ok=True)
    return True


def _await_end() -> bool:
    """Wait a while for the process to end; whether it did."""
    deadline = time.monotonic() + _STOP_SECONDS
    while is_running() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return not is_running()


def _spawn(account_id: str, region: str, port: int, lock: int) -> subprocess.Popen[bytes]:
    """Start the emulator in a process group of its own; it inherits the lock and keeps it as long as it lives."""
    scratch = state_directory() / "tmp"
    scratch.mkdir(exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MINISTACK_"))}
    settings = EmulatorSettings(port, account_id, region, fidelity_file())
    environment = {
        **inherited,
        **Connection(settings.endpoint_url, account_id, region).environ(),
        **settings.to_environment(),
        "TMPDIR": str(scratch),
        "PYTHONUNBUFFERED": "1",
    }
    with log_file().open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "govml.local.emulator"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock],
        )


def _await_health(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(f"the local account ended at its start (exit code {process.returncode}):\n{log_tail()}")
        if health.answers(port):
            return
        time.sleep(_POLL_SECONDS)
    raise UserError(f"the local account did not answer within {_START_SECONDS:.0f} s:\n{log_tail()}")


def log_tail(lines: int = 15) -> str:
    """Return the end of the emulator's log, indented."""
    text = log_file().read_text(errors="replace") if log_file().exists() else "(no log)"
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def _running_error() -> UserError:
    state = read_state()
    if state is None:
        return UserError("a local account is just starting", hint="wait for it: `govml local status`")
    return UserError(
        f"the local account runs already: process {state.pid}, port {state.port}, account {state.account}",
        hint="use it, or end it with `govml local down`",
    )


def _require_free(port: int) -> None:
    if health.is_free(port):
        return
    owner = "another local account (started from another folder?)" if health.answers(port) else "another program"
    raise UserError(f"port {port} is taken by {owner}", hint=f"choose another one: `govml local up --port {port + 10}`")


def _clear() -> None:
    """Remove what an earlier process left behind: the account starts empty."""
    state_file().unlink(missing_ok=True)
    fidelity_file().unlink(missing_ok=True)


def _end_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
