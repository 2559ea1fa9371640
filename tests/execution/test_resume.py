"""A run that failed, was stopped or was killed goes on where it was: nothing that succeeded runs twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from govml.errors import UserError
from govml.execution.failures import StepFailed
from govml.execution.local_run import Machine, resume_run
from govml.execution.objects import ObjectStore
from govml.execution.record import RunStore, Status
from govml.execution.report import report
from govml.execution.run_lock import locked


class Toy:
    """A pipeline of three steps in a row, each of which counts its runs in a file; the second needs a file to succeed."""

    def __init__(self, tmp_path: Path, steps: Any, account: Any) -> None:
        self.counts = tmp_path / "counts"
        self.counts.mkdir()
        self.repaired = tmp_path / "repaired"
        self.machine = Machine(account, tmp_path / "state", Path(sys.executable))
        count = f"open({str(self.counts)!r} + '/%s', 'a').write('x')\n"
        leave = "open('/opt/ml/processing/output/out/done.txt', 'w').write('done')\n"
        fail = f"import os; assert os.path.exists({str(self.repaired)!r}), 'the disk is broken'\n"
        source = {"Get": "Steps.First.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"}
        self.text = steps.definition(
            steps.processing("First", count % "First" + leave, outputs=("out",)),
            steps.processing("Second", count % "Second" + fail + leave, inputs={"in": source}, outputs=("out",)),
            steps.processing("Third", count % "Third", depends_on=("Second",)),
        )

    def ran(self) -> dict[str, int]:
        return {file.name: len(file.read_text()) for file in sorted(self.counts.iterdir())}

    def resume(self) -> Any:
        runs = RunStore(self.machine.state / "runs")
        return resume_run(runs.load("latest"), self.machine)


@pytest.fixture
def toy(tmp_path: Path, steps: Any, account: Any) -> Toy:
    return Toy(tmp_path, steps, account)


def test_a_failed_run_goes_on_after_what_succeeded(toy: Toy, prepare: Any) -> None:
    failed = prepare(toy.text)
    assert failed.runner.run().status is Status.FAILED
    shown = report(failed.record, directory=failed.directory)
    assert f"govml pipeline resume {failed.record.run_id}" in shown
    toy.repaired.touch()
    resumed = toy.resume()
    record = resumed.runner.run()
    assert record.status is Status.SUCCEEDED, report(record, directory=resumed.directory)
    assert toy.ran() == {"First": 1, "Second": 2, "Third": 1}
    assert (record.run_id, record.started) == (failed.record.run_id, failed.record.started)
    assert [step.attempts for step in record.steps] == [1, 2, 1]
    # The log of the attempt that failed is kept beside the new one.
    assert "the disk is broken" in (resumed.directory / "steps" / "Second.attempt1" / "log.txt").read_text()


def test_a_run_can_fail_and_go_on_again_and_again(toy: Toy, prepare: Any) -> None:
    prepare(toy.text).runner.run()
    for _ in range(2):
        assert toy.resume().runner.run().status is Status.FAILED
    toy.repaired.touch()
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran() == {"First": 1, "Second": 4, "Third": 1}


def test_what_the_account_has_lost_is_made_again(toy: Toy, prepare: Any, s3: Any, bucket: str) -> None:
    prepare(toy.text).runner.run()
    s3.delete_object(Bucket=bucket, Key="out/First/out/done.txt")
    toy.repaired.touch()
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran() == {"First": 2, "Second": 2, "Third": 1}


def test_a_run_goes_on_with_its_own_definition_and_parameters(
    toy: Toy, prepare: Any, steps: Any, sagemaker: Any
) -> None:
    """Whatever was deployed since then."""
    failed = prepare(toy.text)
    failed.runner.run()
    sagemaker.update_pipeline(
        PipelineName=failed.record.pipeline, PipelineDefinition=steps.definition(steps.processing("Other"))
    )
    toy.repaired.touch()
    record = toy.resume().runner.run()
    assert [step.name for step in record.steps] == ["First", "Second", "Third"]
    assert record.status is Status.SUCCEEDED


def test_a_run_that_has_succeeded_is_not_resumed(toy: Toy, prepare: Any) -> None:
    toy.repaired.touch()
    assert prepare(toy.text).runner.run().status is Status.SUCCEEDED
    with pytest.raises(UserError, match="has succeeded; there is nothing to resume"):
        toy.resume()


def test_a_run_without_its_definition_is_not_resumed(toy: Toy, prepare: Any) -> None:
    failed = prepare(toy.text)
    failed.runner.run()
    (failed.directory / "definition.json").unlink()
    with pytest.raises(UserError, match=r"has no definition.json any more"):
        toy.resume()


def test_a_run_that_is_still_going_on_is_not_resumed(toy: Toy, prepare: Any) -> None:
    failed = prepare(toy.text)
    failed.runner.run()
    with locked(failed.directory), pytest.raises(UserError, match="is still going on in another process"):
        toy.resume().runner.run()


def test_a_killed_executor_leaves_a_run_that_goes_on(toy: Toy, prepare: Any, tmp_path: Path) -> None:
    """SIGKILL while the second step runs, in a process of its own."""
    name = prepare(toy.text).record.pipeline
    endpoint = toy.machine.account.environ()["AWS_ENDPOINT_URL"]
    program = f"""
        import os, signal, sys, threading
        from pathlib import Path
        from conftest import MotoAccount
        from govml.execution.local_run import Machine, Target, prepare_run
        machine = Machine(MotoAccount({endpoint!r}), Path({str(toy.machine.state)!r}), Path(sys.executable))
        run = prepare_run(Target({name!r}, "toy", "dev", {{}}), machine)
        def kill(step):
            if step.name == "Second":
                os.kill(os.getpid(), signal.SIGKILL)
        run.runner.run(kill)
    """
    here = Path(__file__).parent
    paths = os.pathsep.join(map(str, (here, here.parents[1])))
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    record = RunStore(toy.machine.state / "runs").load("latest")
    assert [str(step.status) for step in record.steps] == ["Succeeded", "Executing", "NotRun"]
    directory = toy.machine.runs.path(record.run_id)
    assert "has ended without finishing it" in report(record, directory=directory)
    with locked(directory):
        assert "has ended without finishing it" not in report(record, directory=directory)
    toy.repaired.touch()
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran()["First"] == 1
    assert toy.ran()["Third"] == 1


def test_a_full_disk_fails_the_step_with_its_reason_and_the_run_goes_on_later(
    toy: Toy, prepare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.repaired.touch()
    with monkeypatch.context() as patched:

        def full(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr("govml.execution.objects.S3Transfer.download_file", full)
        record = prepare(toy.text).runner.run()
    assert record.status is Status.FAILED
    assert "No space left on device" in record.step("Second").reason
    assert "free some space, then resume the run" in record.step("Second").reason
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran() == {"First": 1, "Second": 1, "Third": 1}


def test_a_full_disk_at_the_upload_says_so(toy: Toy, prepare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StepFailed("cannot upload: [Errno 28] No space left on device")

    monkeypatch.setattr(ObjectStore, "upload", full)
    record = prepare(toy.text).runner.run()
    assert "No space left on device" in record.step("First").reason


def test_a_record_that_cannot_be_written_is_a_users_error_and_the_run_goes_on_later(
    toy: Toy, prepare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.repaired.touch()
    local = prepare(toy.text)
    with monkeypatch.context() as patched:

        def full(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        def listener(step: Any) -> None:
            if step.name == "Second":
                patched.setattr("pathlib.Path.replace", full)

        with pytest.raises(UserError, match=f"free some space, then `govml pipeline resume {local.record.run_id}`"):
            local.runner.run(listener)
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran()["First"] == 1


def test_a_damaged_run_is_not_resumed(toy: Toy, prepare: Any) -> None:
    failed = prepare(toy.text)
    failed.runner.run()
    definition = failed.directory / "definition.json"
    definition.write_text(definition.read_text().replace("the disk is broken", "all is well"))
    with pytest.raises(UserError, match="is not the one that it ran"):
        toy.resume()
    definition.write_text(toy.text)
    record = failed.directory / "run.json"
    record.write_text(record.read_text().replace('"name": "Third"', '"name": "Fourth"'))
    with pytest.raises(UserError, match="is not about the steps of its definition"):
        toy.resume()
    record.write_text(record.read_text().replace('"name": "Fourth"', '"name": "Third"').replace("s3://", "s3://gone-"))
    toy.repaired.touch()
    assert toy.resume().runner.run().status is Status.SUCCEEDED
    assert toy.ran() == {"First": 2, "Second": 2, "Third": 1}
