"""Several processes behind one port: they answer, one that dies is replaced, and all end when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from csvs import ROW

from govml_pipeline.serving import workers

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}


def children(process: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            found.add(int(status.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_a_process_that_dies_is_replaced_and_all_end_when_told_to(model_folder: Path) -> None:
    command = [sys.executable, "-m", "govml_pipeline.serving", "--model-dir", str(model_folder), "--port", "0"]
    with subprocess.Popen(
        [*command, "--processes", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stderr is not None
            url = "http://" + server.stdout.readline().split("http://")[1].strip()
            body = {"instances": [INSTANCE]}
            assert httpx.post(f"{url}/invocations", json=body, timeout=20).status_code == 200
            before = children(server.pid)
            assert len(before) == 2
            os.kill(min(before), signal.SIGKILL)
            assert "started again" in server.stderr.readline()
            assert httpx.post(f"{url}/invocations", json=body, timeout=60).status_code == 200
            after = children(server.pid)
            assert len(after) == 2
            assert len(after & before) == 1
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=40) == 0
            assert not any(Path(f"/proc/{process}").exists() for process in before | after)
        finally:
            server.kill()


def test_a_process_that_cannot_load_its_model_ends_the_server(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "govml_pipeline.serving", "--model-dir", str(tmp_path), "--port", "0"]
    ended = subprocess.run([*command, "--processes", "2"], check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert "holds no model" in ended.stderr
    assert "before its model was loaded" in ended.stderr


def test_a_process_that_nobody_supervises_has_no_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOVML_SERVING_ROLE", raising=False)
    assert workers.role() is None
