"""Rules of the project itself: what jobs may import, what locks may hold."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from jobs import PROJECT, build_archive

LOCKS = ["run.txt", "dev.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_hashed_and_name_no_index(name: str) -> None:
    text = (PROJECT / "requirements" / name).read_text()
    assert not re.search(r"(?m)^\s*--(index-url|extra-index-url|find-links|trusted-host)|https?://|file:", text)
    packages = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==", text)
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9_.-]+==)", text)[1:]
    assert len(packages) == len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_locks_of_spark_add_to_the_dev_lock_and_never_differ_from_it() -> None:
    folder = PROJECT / "requirements"
    dev = dict(re.findall(r"(?m)^([A-Za-z0-9_.-]+)==(\S+)", (folder / "dev.txt").read_text()))
    for name in ("spark.txt", "spark-build.txt"):
        text = (folder / name).read_text()
        assert not re.search(r"(?m)^\s*--(index-url|extra-index-url|find-links|trusted-host)|https?://|file:", text)
        blocks = re.split(r"(?m)^(?=[A-Za-z0-9_.-]+==)", text)[1:]
        assert blocks
        assert all("--hash=sha256:" in block for block in blocks)
        for package, version in re.findall(r"(?m)^([A-Za-z0-9_.-]+)==(\S+)", text):
            assert dev.get(package, version) == version


def test_the_run_lock_is_part_of_the_dev_lock() -> None:
    pins = [set(re.findall(r"(?m)^(\S+==\S+)", (PROJECT / "requirements" / name).read_text())) for name in LOCKS]
    assert pins[0] <= pins[1]
    assert not [pin for pin in pins[0] if pin.startswith(("sagemaker==", "sagemaker-core", "pytest"))]


def test_no_step_imports_the_sdk_or_reads_its_own_file() -> None:
    sources = [path for path in (PROJECT / "src").rglob("*.py") if "authoring" not in path.parts]
    sources += [path for path in (PROJECT / "usecases").rglob("*.py") if path.name != "pipeline.py"]
    assert len(sources) > 30
    for path in sources:
        text = path.read_text()
        assert not re.search(r"(?m)^\s*(from|import) (sagemaker|pandas|pickle|joblib)\b", text), path
        assert "__file__" not in text, path


def test_scikit_learn_is_loaded_only_to_fit() -> None:
    """Serving and evaluation score with arrays: a model of ours never needs the library's objects."""
    modules = {
        path.name
        for path in (PROJECT / "src").rglob("*.py")
        if "algorithms" in path.parts and re.search(r"(?m)^ +from sklearn", path.read_text())
    }
    assert modules == {"isolation_forest.py", "k_means.py", "scikit_learn.py"}
    for path in (PROJECT / "src").rglob("*.py"):
        assert not re.search(r"(?m)^(from|import) sklearn\b", path.read_text()), path


def test_few_modules_talk_to_the_account() -> None:
    """Steps under network isolation must not wait for a service that they cannot reach."""
    talking = {
        path.relative_to(PROJECT / "src" / "govml_pipeline").as_posix()
        for path in (PROJECT / "src" / "govml_pipeline").rglob("*.py")
        if "authoring" not in path.parts and re.search(r"(?m)^\s*(from|import) boto", path.read_text())
    }
    assert talking == {"storage/s3.py", "ingestion/metrics.py", "feature_store/sagemaker.py"}


def test_the_archive_is_deterministic_and_holds_no_data(tmp_path: Path) -> None:
    first, second = build_archive(tmp_path / "a.zip"), build_archive(tmp_path / "b.zip")
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert {"__main__.py", "govml_pipeline/main.py", "data_sources/hdb_resale/contract.toml"} <= set(names)
    assert not [name for name in names if name.endswith((".csv", ".gz", ".parquet"))]


def test_help_names_the_steps_and_is_quick_to_import(tmp_path: Path) -> None:
    archive = build_archive(tmp_path / "code.zip")
    done = subprocess.run([sys.executable, str(archive), "--help"], capture_output=True, text=True, check=True)
    for name in ("validate", "transform", "prepare", "train", "evaluate", "track", "serve"):
        assert name in done.stdout
    code = "import sys, govml_pipeline.main; print([m for m in ('xgboost', 'mlflow', 'polars') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
