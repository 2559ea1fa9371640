"""The notebook's functions are the pipeline's: the same model, to the byte, and a committed notebook that runs."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from jobs import PROJECT

from govml_pipeline import notebook
from govml_pipeline.data.split import Split
from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.usecase import UseCase
from usecases.hdb_resale.features import HdbTransformation


@pytest.fixture(scope="module")
def prepared(use_case: UseCase, sample_file: Path) -> notebook.Prepared:
    return notebook.prepare(use_case, notebook.load_rows(use_case, sample_file.parent))


def test_trains_the_very_model_of_the_steps(
    use_case: UseCase, prepared: notebook.Prepared, model: Model, split: Split
) -> None:
    assert prepared.split.test.equals(split.test)
    made = notebook.train(use_case, prepared, seed=3)
    assert made.predict(split.test).equals(model.predict(split.test))
    assert made.metadata["training"] == model.metadata["training"]
    assert made.version == "notebook"


def test_a_class_of_the_notebook_takes_the_place_of_the_use_cases(
    use_case: UseCase, prepared: notebook.Prepared, split: Split
) -> None:
    class Mine(HdbTransformation):
        def target(self, features, output):
            return super().target(features, output) * 2

    mine = replace(use_case, transformation=Mine)
    doubled = notebook.train(mine, notebook.prepare(mine, split_rows(prepared)), seed=3).predict(split.test)
    once = notebook.train(use_case, prepared, seed=3).predict(split.test)
    np.testing.assert_allclose(doubled["prediction"], once["prediction"] * 2)


def split_rows(prepared: notebook.Prepared) -> pl.DataFrame:
    return pl.concat([prepared.split.train, prepared.split.validation, prepared.split.test])


def test_parameters_of_the_notebook_are_those_of_the_use_case(use_case: UseCase, prepared: notebook.Prepared) -> None:
    model = notebook.train(use_case, prepared, parameters={"max_depth": 2})
    assert model.metadata["training"]["parameters"]["max_depth"] == 2
    with pytest.raises(UserError, match="unknown parameter 'depth'"):
        notebook.train(use_case, prepared, parameters={"depth": 2})


def test_the_committed_notebook_runs(capsys: pytest.CaptureFixture[str]) -> None:
    found = runpy.run_path(str(PROJECT / "notebooks" / "service_requests.py"))
    assert found["report"]["window"]["last_month"] == "2025-08"
    printed = capsys.readouterr().out
    assert "mine: logloss" in printed
    assert "roc_auc" in printed
