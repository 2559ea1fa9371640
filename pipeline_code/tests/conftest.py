"""Fixtures that are made once a session, and what makes jobs on small samples cheap."""

from __future__ import annotations

import functools
import gc
import os
from pathlib import Path

# Read when NumPy and XGBoost are loaded. Jobs on small samples: waking a second thread costs more than it saves. What
# names its number of threads, as training does, keeps it.
os.environ["OMP_NUM_THREADS"] = "1"

import botocore.session
import polars as pl
import pytest
from hypothesis import settings

import govml_pipeline.authoring  # noqa: F401  sets what the SageMaker SDK reads at import, before any test imports it
from data_sources.hdb_resale.sample import write_sample
from govml_pipeline.data.csv_file import read_csv_file
from govml_pipeline.data.split import Split, split_by_month
from govml_pipeline.data.validation import check_rows, validate_files
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model, load_model, save_model
from govml_pipeline.model.training import run_trial, train
from govml_pipeline.usecase import UseCase, load_use_case
from usecases.hdb_resale.features import HdbTransformation

settings.register_profile("any machine", deadline=None)  # a busy machine is no failure
settings.load_profile("any machine")

# Each session of boto3 parses the models of its services anew, 80 ms for a small one. They never change: one reader for all.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

REAL = os.environ.get("GOVML_HDB_DATA", "")


#: A use case's tests are of three kinds, and their files are named so: `pytest -m model` runs one kind of all use cases.
KINDS = ("unit", "data", "model")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        kind = item.path.stem.removeprefix("test_")
        if "usecases" in item.path.parts and kind in KINDS:
            item.add_marker(kind)
        if item.get_closest_marker("real_data") and not Path(REAL or "-").is_dir():
            item.add_marker(pytest.mark.skip(reason="GOVML_HDB_DATA names no folder with the real data"))


def pytest_collection_finish() -> None:
    """Tell the garbage collector that what was imported and collected stays: it need not look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DATA_GOV_SG_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def real_data() -> Path:
    return Path(REAL)


@pytest.fixture(scope="session")
def use_case() -> UseCase:
    return load_use_case("hdb_resale")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"), seed=11, rows=5000)


@pytest.fixture(scope="session")
def rows(sample_file: Path, use_case: UseCase) -> pl.DataFrame:
    return validate_files([sample_file], use_case.contract).rows


@pytest.fixture(scope="session")
def split(rows: pl.DataFrame) -> Split:
    return split_by_month(rows, "month", test_months=12, validation_months=6)


@pytest.fixture(scope="session")
def transformation(split: Split, rows: pl.DataFrame) -> HdbTransformation:
    return HdbTransformation.fit(split.train, rows)


@pytest.fixture(scope="session")
def model_folder(
    tmp_path_factory: pytest.TempPathFactory, use_case: UseCase, transformation: HdbTransformation, split: Split
) -> Path:
    folder = tmp_path_factory.mktemp("model")
    defaults = use_case.training.parameters
    found = run_trial(use_case, transformation, split.train, split.validation, parameters=defaults, seed=3)
    found.pop("seconds")
    trained = train(use_case, transformation, split.train, split.validation, trial=Trial(**found), seed=3)
    save_model(folder, use_case, trained, transformation, archive=None)
    return folder


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Model:
    return load_model(model_folder)


@pytest.fixture
def check(use_case: UseCase, tmp_path: Path):
    """Accepted and refused rows of a CSV text, without the decision on the whole delivery."""

    def run(text: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        path = tmp_path / "delivery.csv"
        path.write_text(text, encoding="utf-8")
        return check_rows(read_csv_file(path, use_case.contract).rows, use_case.contract)

    return run
