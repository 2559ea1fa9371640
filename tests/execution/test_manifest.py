"""Inputs of S3DataType `ManifestFile`: exactly the listed objects, under their names; a bad manifest fails the step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from govml.execution.failures import StepFailed
from govml.execution.manifest import parse_manifest
from govml.execution.record import Status

PREFIX = "s3://curated/hdb/"


def manifest(*names: Any, prefix: str = PREFIX) -> bytes:
    return json.dumps([{"prefix": prefix}, *names]).encode()


def test_objects_keep_their_names_relative_to_the_prefix() -> None:
    found = parse_manifest(manifest("table/a.parquet", "b.parquet"), uri="m")
    assert [(uri, str(path)) for uri, path in found] == [
        ("s3://curated/hdb/table/a.parquet", "table/a.parquet"),
        ("s3://curated/hdb/b.parquet", "b.parquet"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "does not begin with"),
        (b"[]", "does not begin with"),
        (b'["a"]', "does not begin with"),
        (b'[{"prefix": 7}, "a"]', "does not begin with"),
        (b'[{"prefix": "https://bucket/"}, "a"]', "does not begin with"),
        (b'[{"prefix": "s3://b/", "more": 1}, "a"]', "does not begin with"),
        (manifest(), "lists no object"),
        (manifest("a", "a"), "lists a 2 times"),
        (manifest("a", "./a"), "lists a 2 times"),
        *(
            (manifest(name), "no safe path")
            for name in ("", ".", "/", "/etc/passwd", "../x", "a/../../x", "..", "a\\b")
        ),
        *((manifest(name), "no safe path") for name in (7, None, ["a"], {"prefix": PREFIX}, "a\0b")),
    ],
)
def test_a_bad_manifest_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(StepFailed, match=message):
        parse_manifest(content, uri="s3://curated/hdb/latest.manifest")


def listed(step: dict[str, Any], name: str) -> dict[str, Any]:
    """Make the named input of a step one by manifest."""
    for item in step["Arguments"].get("ProcessingInputs", []):
        if item["InputName"] == name:
            item["S3Input"]["S3DataType"] = "ManifestFile"
    for channel in step["Arguments"].get("InputDataConfig", []):
        if channel["ChannelName"] == name:
            channel["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    return step


@pytest.fixture
def curated(s3: Any, bucket: str) -> str:
    """Two objects that the manifest lists, and one that it does not; return the manifest's URI."""
    for key in ("hdb/table/a.parquet", "hdb/table/month=1/b.parquet", "hdb/table/orphan.parquet"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    names = ("table/a.parquet", "table/month=1/b.parquet")
    body = manifest(*names, prefix=f"s3://{bucket}/hdb/")
    s3.put_object(Bucket=bucket, Key="hdb/manifests/latest.manifest", Body=body)
    return f"s3://{bucket}/hdb/manifests/latest.manifest"


SEEN = (
    "import pathlib; root = pathlib.Path({source!r});"
    "files = sorted(str(f.relative_to(root)) for f in root.rglob('*') if f.is_file());"
    "pathlib.Path({target!r}).write_text(chr(10).join(files))"
)


def test_a_processing_job_gets_the_listed_objects_and_no_other(
    steps: Any, prepare: Any, s3: Any, bucket: str, curated: str
) -> None:
    code = SEEN.format(source="/opt/ml/processing/input/raw", target="/opt/ml/processing/output/seen/files.txt")
    step = listed(steps.processing("Validate", code, inputs={"raw": curated}, outputs=("seen",)), "raw")
    assert prepare(steps.definition(step)).runner.run(lambda *_: None).status is Status.SUCCEEDED
    seen = s3.get_object(Bucket=bucket, Key="out/Validate/seen/files.txt")["Body"].read().decode()
    assert seen.split() == ["table/a.parquet", "table/month=1/b.parquet"]


def test_a_training_job_gets_the_listed_objects_and_no_other(steps: Any, prepare: Any, curated: str) -> None:
    code = (
        "import pathlib; root = pathlib.Path('/opt/ml/input/data/train');"
        "assert sorted(f.name for f in root.rglob('*') if f.is_file()) == ['a.parquet', 'b.parquet'];"
        "pathlib.Path('/opt/ml/model/m').write_text('x')"
    )
    step = listed(steps.training("Train", code, channels={"train": curated}), "train")
    record = prepare(steps.definition(step)).runner.run(lambda *_: None)
    assert record.status is Status.SUCCEEDED, record


BAD = {
    "missing object": (manifest("table/gone.parquet", prefix="s3://{bucket}/hdb/"), "cannot download"),
    "missing bucket": (manifest("a", prefix="s3://no-such-bucket-at-all/"), "cannot download"),
    "folder and file": (manifest("table", "table/a.parquet", prefix="s3://{bucket}/hdb/"), "cannot"),
    "path trick": (manifest("../a", prefix="s3://{bucket}/hdb/table/"), "no safe path"),
    "empty": (manifest(prefix="s3://{bucket}/hdb/"), "lists no object"),
    "gone": (None, "there is no object"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_manifest_leaves_nothing_outside(store: Any, s3: Any, curated: str, kind: str, tmp_path: Path) -> None:
    body, message = BAD[kind]
    bucket, _, key = curated.removeprefix("s3://").partition("/")
    if body is None:
        s3.delete_object(Bucket=bucket, Key=key)
    else:
        s3.put_object(Bucket=bucket, Key=key, Body=body.replace(b"{bucket}", bucket.encode()))
    with pytest.raises(StepFailed, match=message):
        store.download_listed(curated, tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] in ([], ["target"])


def test_a_kind_of_input_that_is_not_known_is_refused(steps: Any, prepare: Any, curated: str) -> None:
    step = steps.processing("Validate", inputs={"raw": curated})
    step["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3DataType"] = "AugmentedManifestFile"
    record = prepare(steps.definition(step)).runner.run(lambda *_: None)
    assert "cannot read an input of S3DataType AugmentedManifestFile" in str(record)
