"""What a pipe shows of a run: each event once, trials of a tuning step as they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from govml.execution.progress import Lines
from govml.execution.record import Status, StepRecord


def test_each_change_of_state_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    listener, step = Lines(), StepRecord("Train", "Training", Status.EXECUTING, started="2026-11-28T07:00:00.000Z")
    listener(step)
    listener(step)
    step.status, step.ended = Status.SUCCEEDED, "2026-11-28T07:00:02.500Z"
    listener(step)
    told = capsys.readouterr().out.splitlines()
    assert [line.split(None, 1)[1].split() for line in told] == [
        ["Train", "Executing"],
        ["Train", "Succeeded", "after", "2.5", "s"],
    ]


def test_a_second_attempt_is_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    listener, step = Lines(), StepRecord("Train", "Training", Status.EXECUTING, started="2026-11-28T07:00:00.000Z")
    listener(step)
    step.started = "2026-11-28T08:00:00.000Z"
    listener(step)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_trials_are_told_as_they_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    step = StepRecord("Tune", "Tuning", Status.EXECUTING, started="2026-11-28T07:00:00.000Z", log=str(log))
    listener = Lines()
    listener(step)
    for number in (1, 2):
        with log.open("a") as file:
            file.write(f"trial {number} of 2: score 0.{number} in 1.0 s (best 0.1) depth=4\n")
        listener(step)
    told = [line.split(None, 2)[2] for line in capsys.readouterr().out.splitlines()]
    assert told == [
        "Executing",
        "trial 1 of 2: score 0.1 in 1.0 s (best 0.1) depth=4",
        "trial 2 of 2: score 0.2 in 1.0 s (best 0.1) depth=4",
    ]
