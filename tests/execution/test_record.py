from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.errors import UserError
from govml.execution.logs import tail
from govml.execution.record import RunRecord, RunStore, Status, StepRecord, seconds


def record(run_id: str, started: str = "2026-01-01T00:00:00.000Z") -> RunRecord:
    step = StepRecord("A", "Training", Status.SUCCEEDED, started, "2026-01-01T00:00:01.500Z", artifacts=["s3://b/m"])
    return RunRecord(run_id, "p", "u", "dev", {"Seed": 7}, "0" * 64, [step], Status.SUCCEEDED, started)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def test_a_record_comes_back_as_it_was(store: RunStore) -> None:
    run_id = store.new_id()
    store.save(record(run_id))
    assert store.load(run_id) == record(run_id)
    assert seconds(record(run_id).steps[0]) == 1.5


def test_the_latest_is_the_one_that_started_last(store: RunStore) -> None:
    for day in (2, 3, 1):
        store.save(record(store.new_id(), f"2026-01-0{day}T00:00:00.000Z"))
    assert store.load("latest").started.startswith("2026-01-03")
    assert [run.started[:10] for run in store.all()] == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_a_reader_never_sees_half_a_record(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = store.new_id()
    store.save(record(run_id))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        store.save(record(run_id, "2027-01-01T00:00:00.000Z"))
    assert store.load(run_id) == record(run_id)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", json.dumps({"schema": 99}), '{"schema": 1, "steps": [], "status": "Odd"}']
)
def test_a_record_without_its_members_is_a_users_error(store: RunStore, content: str) -> None:
    run_id = store.new_id()
    (store.path(run_id) / "run.json").write_text(content)
    with pytest.raises(UserError, match=f"the record of run {run_id} is damaged"):
        store.load(run_id)


def test_a_run_that_is_not_there(store: RunStore) -> None:
    with pytest.raises(UserError, match="there is no run 260101abcdef"):
        store.load("260101abcdef")
    with pytest.raises(UserError, match="there is no run yet"):
        store.load("latest")


@given(st.binary(max_size=300))
def test_the_tail_of_a_log_holds_no_control_characters(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    log = tmp_path_factory.getbasetemp() / "log"
    log.write_bytes(content)
    assert all(line.isprintable() or "\t" in line or not line.isascii() for line in tail(log, 50))
    assert not any(char in line for line in tail(log, 50) for char in "\x1b\r\x00\x07\x9b")


def test_the_tail_is_the_end_and_a_progress_bar_its_last_state(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"first\n\n\x1b[1mbold\x1b[0m\r\n10%\r50%\r100%\n")
    assert tail(tmp_path / "log", 2) == ["bold", "100%"]
    assert tail(tmp_path / "none", 2) == []


WRONG = st.sampled_from([None, 0, "x", [], {}, ["x"], {"a": 1}, "2026-01-01", "9" * 40])


@given(data=st.data(), value=WRONG)
def test_a_damaged_record_is_a_users_error_whatever_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, value: object
) -> None:
    store = RunStore(tmp_path_factory.mktemp("runs"))
    run_id = store.new_id()
    store.save(record(run_id))
    file = store.path(run_id) / "run.json"
    content = json.loads(file.read_text())
    place = data.draw(st.sampled_from([content, content["steps"][0]]))
    place[data.draw(st.sampled_from(sorted(place)))] = value
    file.write_text(json.dumps(content))
    try:
        read = store.load(run_id)
    except UserError as error:
        assert error.hint
    else:
        assert seconds(read) >= 0  # what is read can be shown


def test_a_record_of_another_run_and_a_stray_copy(store: RunStore) -> None:
    first, second = store.new_id(), store.new_id()
    for run_id in (first, second):
        store.save(record(run_id))
    shutil.copytree(store.path(first), store.directory / f"{first}.bak")
    assert {run.run_id for run in store.all()} == {first, second}
    shutil.copy(store.path(first) / "run.json", store.path(second) / "run.json")
    with pytest.raises(UserError, match=f"record of run {second} is damaged: it is the record of run '{first}'"):
        store.load(second)
    (store.path(second) / "run.json").unlink()
    (store.path(second) / "run.json").mkdir()
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        store.load(second)
