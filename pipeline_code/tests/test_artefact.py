from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from govml_pipeline.data.split import Split
from govml_pipeline.errors import UserError
from govml_pipeline.files import all_or_nothing, read_json, write_json
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model, load_model, unpacked
from govml_pipeline.model.training import train
from govml_pipeline.usecase import UseCase
from usecases.hdb_resale.features import HdbTransformation


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "model"))


def test_a_loaded_model_predicts_what_the_packed_one_does(model: Model, model_folder: Path, split: Split) -> None:
    again = load_model(model_folder)
    assert model.predict(split.test).equals(again.predict(split.test))
    assert model.version == again.version


def test_the_number_of_threads_does_not_change_the_model(
    use_case: UseCase, transformation: HdbTransformation, split: Split, tmp_path: Path
) -> None:
    saved = []
    for threads in (1, 2):
        parameters = {**use_case.training.parameters, "nthread": threads}
        found = Trial(parameters, rounds=20, score=0.0, metric="rmse")
        trained = train(use_case, transformation, split.train, split.validation, trial=found, seed=3)
        trained.fitted.save(tmp_path)
        saved.append((tmp_path / "model.ubj").read_bytes())
    assert saved[0] == saved[1]


def test_unseen_places_are_predicted_too(model: Model, split: Split) -> None:
    import polars as pl

    strange = split.test.with_columns(pl.lit("TENGAH").alias("town"), pl.lit("NEW ST").alias("street_name"))
    predicted = model.predict(strange)["prediction"].to_numpy()
    assert np.isfinite(predicted).all()
    assert (predicted > 50_000).all()


@pytest.mark.parametrize("name", ["model.ubj", "transformation/history.parquet", "transformation/transformation.json"])
def test_a_changed_or_missing_file_is_refused(copy: Path, name: str) -> None:
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(UserError, match="not the file that was trained"):
        load_model(copy)
    (copy / name).unlink()
    with pytest.raises(UserError, match="missing"):
        load_model(copy)


def test_another_format_is_refused(copy: Path) -> None:
    write_json(copy / "metadata.json", {**read_json(copy / "metadata.json"), "format_version": 1})
    with pytest.raises(UserError, match="model of format 1, this code reads format 2"):
        load_model(copy)


@pytest.mark.parametrize(("key", "value"), [("kind", "anomaly"), ("algorithm", "k_means")])
def test_a_model_of_another_kind_than_the_use_case_is_refused(copy: Path, key: str, value: str) -> None:
    write_json(copy / "metadata.json", {**read_json(copy / "metadata.json"), key: value})
    with pytest.raises(UserError, match="is now regression by xgboost"):
        load_model(copy)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no model"):
        load_model(tmp_path)


def test_an_archive_that_writes_outside_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "evil", "../evil")
    with pytest.raises(UserError, match="outside of the archive"), unpacked(tmp_path):
        pass


def test_a_step_that_fails_halfway_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), all_or_nothing(tmp_path / "out") as folder:
        (folder / "first.txt").write_text("x")
        raise RuntimeError
    assert list((tmp_path / "out").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_run_replaces_what_the_first_left(tmp_path: Path) -> None:
    for content in ("one", "two"):
        with all_or_nothing(tmp_path) as folder:
            (folder / "inner").mkdir()
            (folder / "inner" / f"{content}.txt").write_text(content)
            (folder / "x.txt").write_text(content)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "inner",
        "inner/two.txt",
        "x.txt",
    ]


def test_json_with_nan_is_refused_and_the_old_file_kept(tmp_path: Path) -> None:
    write_json(tmp_path / "x.json", {"a": 1})
    with pytest.raises(ValueError, match="Out of range float"):
        write_json(tmp_path / "x.json", {"a": float("nan")})
    assert read_json(tmp_path / "x.json") == {"a": 1}
    assert len(list(tmp_path.iterdir())) == 1
