from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.execution.failures import StepFailed
from govml.execution.objects import ObjectStore, relative_paths, split_uri

KEYS = [
    "data/train-data.csv",
    "data/train-truth.csv",
    "data/raw.txt",
    "runs/1/train/a.csv",
    "runs/1/train/b/c.csv",
    "runs/1/train/",
]


@pytest.mark.parametrize(
    ("prefix", "paths"),
    [
        ("data/train", {"train-data.csv", "train-truth.csv"}),  # the beginning of names
        ("data/raw.txt", {"raw.txt"}),  # one key
        ("runs/1/train", {"a.csv", "b/c.csv"}),  # a folder, without its last slash
        ("runs/1/train/", {"a.csv", "b/c.csv"}),
        ("", {key for key in KEYS if not key.endswith("/")}),
        ("nothing", set()),
    ],
)
def test_objects_land_where_sagemaker_puts_them(prefix: str, paths: set[str]) -> None:
    assert {str(path) for path in relative_paths(KEYS, prefix).values()} == paths


def test_a_folder_and_its_neighbours_are_not_mixed() -> None:
    with pytest.raises(StepFailed, match="end it in a slash"):
        relative_paths(["runs/1/a.csv", "runs/12/b.csv"], "runs/1")


keys = st.lists(st.text("ab./", min_size=1, max_size=8), max_size=5, unique=True)


@given(keys, st.text("ab./", max_size=4))
def test_no_key_ever_leaves_the_target(found: list[str], prefix: str) -> None:
    try:
        paths = relative_paths(found, prefix)
    except StepFailed:
        return
    assert all(Path("/target", path).resolve().is_relative_to("/target") for path in paths.values())
    assert set(paths) == {key for key in found if key.startswith(prefix) and not key.endswith("/")}


@pytest.mark.parametrize("uri", ["", "s3://", "s3:///key", "https://bucket/key", None, 7])
def test_what_is_no_s3_uri_is_refused(uri: Any) -> None:
    with pytest.raises(StepFailed, match="is not an S3 URI"):
        split_uri(uri)


def test_a_tree_goes_up_encrypted_and_comes_back(
    store: ObjectStore, s3: Any, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "b.txt").write_text("b")
    (source / "a.txt").write_text("a")
    uris = store.upload_tree(source, f"s3://{bucket}/x", kms_key=kms_key)
    assert uris == [f"s3://{bucket}/x/a.txt", f"s3://{bucket}/x/deep/b.txt"]
    assert s3.head_object(Bucket=bucket, Key="x/a.txt")["SSEKMSKeyId"] == kms_key
    assert store.download(f"s3://{bucket}/x", target) == 2
    assert (target / "deep" / "b.txt").read_text() == "b"


def test_a_link_is_not_uploaded_silently_nor_left_out(store: ObjectStore, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(StepFailed, match="symbolic link link"):
        store.upload_tree(tmp_path, f"s3://{bucket}/x", kms_key=None)


def test_a_disabled_key_is_not_used(store: ObjectStore, account: Any, bucket: str, tmp_path: Path) -> None:
    kms = account.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    (tmp_path / "a").write_text("a")
    with pytest.raises(StepFailed, match="is Disabled, not Enabled"):
        store.upload(tmp_path / "a", f"s3://{bucket}/a", kms_key=key)


def test_an_upload_into_nowhere_fails_the_step(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with pytest.raises(StepFailed, match="cannot upload s3://no-such-bucket-here/a"):
        store.upload(tmp_path / "a", "s3://no-such-bucket-here/a", kms_key=None)
