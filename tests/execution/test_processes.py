"""Children of a run: none outlives it. Every wait is on a pipe, whose end of file says that its holders are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from govml.execution.failures import Interrupted
from govml.execution.logs import tail
from govml.execution.processes import Exit, Processes
from govml.execution.record import RunStore, Status

# Starts a grandchild that ignores SIGTERM; both hold the pipe open.
FAMILY = """
import os, signal, sys
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pipe = os.open({pipe!r}, os.O_WRONLY)
os.write(pipe, b'x')
{then}
"""


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def start(processes: Processes, code: str, tmp_path: Path) -> Exit:
    return processes.run([sys.executable, "-c", code], env={}, cwd=tmp_path, log=tmp_path / "log", timeout=None)


def read_all(pipe: Path) -> bytes:
    """Return what the family writes, once every one of its members is gone."""
    with pipe.open("rb") as stream:
        return stream.read()


def test_output_and_exit_code_are_kept(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(4)"
    assert start(Processes(), code, tmp_path) == Exit(4, timed_out=False)
    assert sorted(tail(tmp_path / "log", 5)) == ["err", "out"]


def test_a_grandchild_that_stays_behind_is_ended(tmp_path: Path, pipe: Path) -> None:
    # The parent leaves once both have reported; the grandchild would wait for ever.
    code = FAMILY.format(pipe=str(pipe), then="sys.exit(0) if os.getpid() == os.getpgrp() else signal.pause()")
    reader = threading.Thread(target=lambda: read_all(pipe), daemon=True)
    reader.start()
    assert start(Processes(), code, tmp_path).code == 0
    reader.join(10)
    assert not reader.is_alive()


def test_a_time_limit_ends_the_whole_family_even_if_it_ignores_sigterm(tmp_path: Path, pipe: Path) -> None:
    # A shell, as it is up long before the limit on however busy a machine.
    command = ["sh", "-c", f"trap '' TERM; exec 3>{pipe}; tail -f /dev/null & tail -f /dev/null"]
    reader = threading.Thread(target=lambda: read_all(pipe), daemon=True)
    reader.start()
    processes = Processes(grace_seconds=0.1)
    env = {"PATH": os.environ["PATH"]}
    ended = processes.run(command, env=env, cwd=tmp_path, log=tmp_path / "log", timeout=0.5)
    assert ended == Exit(-signal.SIGKILL, timed_out=True)
    reader.join(10)
    assert not reader.is_alive()


def test_nothing_starts_after_stop(tmp_path: Path) -> None:
    processes = Processes()
    processes.stop()
    with pytest.raises(Interrupted):
        start(processes, "print('started')", tmp_path)
    assert tail(tmp_path / "log", 1) == []


def test_a_step_may_tidy_up_when_it_is_stopped(tmp_path: Path, pipe: Path) -> None:
    tidy = f"""
import signal, sys
def leave(*_): print('tidied up'); sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open({str(pipe)!r}, 'w').close()
while True: signal.pause()
"""
    processes = Processes()

    def stop() -> None:
        read_all(pipe)
        processes.stop()

    user = threading.Thread(target=stop, daemon=True)
    user.start()
    with pytest.raises(Interrupted):
        start(processes, tidy, tmp_path)
    user.join(10)
    assert tail(tmp_path / "log", 1) == ["tidied up"]


def test_ctrl_c_ends_the_steps_and_their_children(prepare: Any, steps: Any, pipe: Path, tmp_path: Path) -> None:
    code = FAMILY.format(pipe=str(pipe), then="while True: signal.pause()")
    local = prepare(
        steps.definition(steps.processing("Endless", code), steps.processing("After", depends_on=("Endless",)))
    )

    def interrupt() -> None:
        with pipe.open("rb") as stream:
            stream.read(2)  # both run now
            os.kill(os.getpid(), signal.SIGINT)  # as the terminal does
            stream.read()  # and now both are gone

    user = threading.Thread(target=interrupt, daemon=True)
    user.start()
    record = local.runner.run()
    user.join(10)
    assert not user.is_alive()
    assert [(step.name, step.status) for step in record.steps] == [
        ("Endless", Status.STOPPED),
        ("After", Status.NOT_RUN),
    ]
    assert RunStore(tmp_path / "state" / "runs").load(record.run_id).status is Status.STOPPED


def test_a_defect_of_the_executor_ends_the_steps_too(prepare: Any, steps: Any, pipe: Path, tmp_path: Path) -> None:
    code = FAMILY.format(pipe=str(pipe), then="while True: signal.pause()")
    local = prepare(steps.definition(steps.processing("Endless", code), steps.processing("Other")), workers=2)
    up = threading.Event()

    def watch() -> None:
        with pipe.open("rb") as stream:
            stream.read(2)
            up.set()
            stream.read()

    gone = threading.Thread(target=watch, daemon=True)
    gone.start()

    def listener(step: Any) -> None:
        if step.name == "Other" and step.ended:
            assert up.wait(10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        local.runner.run(listener)
    gone.join(10)
    assert not gone.is_alive()
    record = RunStore(tmp_path / "state" / "runs").load("latest")
    assert (record.status, record.reason) == (Status.FAILED, "the executor itself failed: ZeroDivisionError()")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_job_does_not_outlive_a_killed_executor(tmp_path: Path) -> None:
    """Its end closes the pipe that it holds open: reading the pipe to its end waits for exactly that."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    job = f"import signal; kept = open({str(pipe)!r}, 'w'); kept.write('up'); kept.flush(); signal.pause()"
    program = (
        "import sys; from pathlib import Path; from govml.execution.jobs.container import TETHER\n"
        "from govml.execution.processes import Processes\n"
        f"Processes().run([*TETHER, sys.executable, '-c', {job!r}], env={{}}, cwd=Path({str(tmp_path)!r}),"
        f" log=Path({str(tmp_path / 'log')!r}), timeout=30)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as executor, pipe.open() as end:
        assert end.read(2) == "up"
        executor.kill()
        assert end.read() == ""
