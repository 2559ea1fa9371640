"""Steps whose work was done before are not done again; anything that changes the work is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govml.errors import UserError
from govml.execution.cache_environment import environment_digest
from govml.execution.cache_key import cache_key
from govml.execution.cache_policy import parse_cache_config
from govml.execution.record import Status
from govml.execution.report import report

COPY = """
import pathlib, shutil, uuid
shutil.copy('/opt/ml/processing/input/raw/data.csv', '/opt/ml/processing/output/copy/rows.csv')
pathlib.Path('/opt/ml/processing/output/note/mark.txt').write_text(str(uuid.uuid4()))
"""
ENABLED = {"Enabled": True, "ExpireAfter": "P30D"}


@pytest.fixture
def make(steps: Any, s3: Any, bucket: str) -> Callable[..., str]:
    """A pipeline of two cached steps, whose outputs lie below the run's own prefix."""

    def make(code: str = COPY, *, data: bytes = b"a\n1\n", cache: Any = ENABLED, variable: str = "1") -> str:
        s3.put_object(Bucket=bucket, Key="raw/data.csv", Body=data)
        run = {"Get": "Execution.PipelineExecutionId"}
        first = steps.processing(
            "First", code, inputs={"raw": f"s3://{bucket}/raw/"}, outputs=("copy", "note"), environment={"V": variable}
        )
        for item in first["Arguments"]["ProcessingOutputConfig"]["Outputs"]:
            values = [f"s3://{bucket}/runs", run, "first", item["OutputName"]]
            item["S3Output"]["S3Uri"] = {"Std:Join": {"On": "/", "Values": values}}
        source = {"Get": "Steps.First.ProcessingOutputConfig.Outputs['copy'].S3Output.S3Uri"}
        second = steps.processing("Second", "pass", inputs={"copy": source}, outputs=())
        for step in (first, second):
            step["CacheConfig"] = cache
        return str(steps.definition(first, second))

    return make


def cached(run: Any) -> list[str]:
    record = run.runner.run()
    assert record.status is Status.SUCCEEDED, report(record, directory=run.directory)
    return [step.name for step in record.steps if step.cached_from]


def test_the_second_run_uses_the_first_ones_results(prepare: Any, make: Any, s3: Any, bucket: str) -> None:
    first = prepare(make())
    assert cached(first) == []
    second = prepare(make())
    assert cached(second) == ["First", "Second"]
    entry = second.record.step("First")
    assert entry.cached_from == first.record.run_id
    assert entry.properties == first.record.step("First").properties
    assert f"cached: run {first.record.run_id}" in report(second.record, directory=second.directory)
    third = prepare(make())
    assert cached(third) == ["First", "Second"]
    assert third.record.step("First").cached_from == first.record.run_id  # the run that made it


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"data": b"a\n2\n"}, ["First", "Second"]),
        ({"code": COPY + "# other code"}, ["First"]),  # the same copy comes out of it: Second's work is done
        ({"variable": "2"}, ["First"]),
        ({"cache": {"Enabled": False}}, ["First", "Second"]),
        ({"cache": {"Enabled": True, "ExpireAfter": "PT0M"}}, ["First", "Second"]),
    ],
)
def test_what_changes_the_work_runs_again(prepare: Any, make: Any, change: dict[str, Any], again: list[str]) -> None:
    assert cached(prepare(make())) == []
    later = prepare(make(**change))
    hits = cached(later)
    assert [step.name for step in later.record.steps if step.name not in hits] == again


def test_a_step_without_cache_configuration_runs_every_time(prepare: Any, make: Any) -> None:
    for _ in range(2):
        assert cached(prepare(make(cache=None))) == []


def test_the_cache_can_be_left_out(prepare: Any, make: Any) -> None:
    assert cached(prepare(make())) == []
    assert cached(prepare(make(), use_cache=False)) == []


@pytest.mark.parametrize("harm", ["delete", "replace"])
def test_results_that_are_no_longer_there_are_made_again(
    prepare: Any, make: Any, s3: Any, bucket: str, harm: str
) -> None:
    first = prepare(make())
    assert cached(first) == []
    key = f"runs/{first.record.run_id}/first/note/mark.txt"
    if harm == "delete":
        s3.delete_object(Bucket=bucket, Key=key)
    else:
        s3.put_object(Bucket=bucket, Key=key, Body=b"tampered")
    assert cached(prepare(make())) == ["Second"]


def test_a_damaged_entry_is_none(prepare: Any, make: Any, tmp_path: Path) -> None:
    assert cached(prepare(make())) == []
    for file in (tmp_path / "state" / "cache").iterdir():
        file.write_text("{")
    assert cached(prepare(make())) == []


@given(content=st.binary(min_size=1, max_size=40), change=st.binary(min_size=1, max_size=40), number=st.integers(1, 9))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_key_is_that_of_the_content_wherever_it_lies(key: Any, content: bytes, change: bytes, number: int) -> None:
    base = key("a", content)
    assert key(f"b{number}", content) == base
    assert (key("c", change) == base) == (change == content)
    assert key("a", content, seed="2") != base


@pytest.fixture
def key(steps: Any, s3: Any, store: Any, bucket: str) -> Any:
    """The key of a training on a file of the given bytes, and of the given seed."""

    def key(prefix: str, body: bytes, seed: str = "1") -> str | None:
        s3.put_object(Bucket=bucket, Key=f"{prefix}/rows.csv", Body=body)
        training = steps.training("T", "pass", channels={"train": f"s3://{bucket}/{prefix}/"})
        training["Arguments"]["HyperParameters"]["seed"] = seed
        training["Arguments"]["OutputDataConfig"]["S3OutputPath"] = f"s3://{bucket}/out-{prefix}"
        return cache_key("Training", training["Arguments"], store)

    return key


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("P30D", timedelta(days=30)),
        ("30d", timedelta(days=30)),
        ("T16m", timedelta(minutes=16)),
        ("30dT5h", timedelta(days=30, hours=5)),
        ("PT1H", timedelta(hours=1)),
        ("P1W", timedelta(days=7)),
        ("5y", timedelta(days=5 * 365)),
    ],
)
def test_durations_as_the_service_writes_them(text: str, age: timedelta) -> None:
    assert parse_cache_config({"Enabled": True, "ExpireAfter": text}, step="A") == age


NO_CONFIGURATION = [
    {"Enabled": "yes"},
    {},
    [],
    {"Enabled": True, "ExpireAfter": "soon"},
    {"Enabled": True, "ExpireAfter": "P"},
]


@pytest.mark.parametrize("raw", NO_CONFIGURATION)
def test_a_cache_configuration_that_is_none_is_refused(raw: Any) -> None:
    with pytest.raises(UserError, match="step A: "):
        parse_cache_config(raw, step="A")


def test_what_is_installed_beside_the_interpreter_is_part_of_the_work(
    prepare: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands for the image."""
    found = []
    for installed in ("one", "one", "another"):
        monkeypatch.setattr("govml.execution.step_execution.environment_digest", lambda _, digest=installed: digest)
        found.append(cached(prepare(make())))
    assert found == [[], ["First", "Second"], []]


def test_the_digest_of_an_environment_follows_its_packages(tmp_path: Path) -> None:
    packages = tmp_path / "lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    digests = set()
    for version in ("1.0", "1.1"):
        environment_digest.cache_clear()
        (packages / f"polars-{version}.dist-info").mkdir()
        digests.add(environment_digest(tmp_path / "bin" / "python"))
        (packages / f"polars-{version}.dist-info").rmdir()
    assert len(digests) == 2
