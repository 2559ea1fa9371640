"""Robustness: what each perturbation does to a model whose faults are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.model.artefact import Model
from govml_pipeline.robustness.change import finite_answers, prediction_change
from govml_pipeline.robustness.perturbations import UNSEEN, perturbations
from govml_pipeline.robustness.report import robustness_report

CONTRACT = Contract(
    name="toy",
    version=1,
    title="",
    publisher="",
    notice="",
    time_column="month",
    target="y",
    columns=(
        Column("month", "month"),
        Column("size", "decimal", minimum=0, maximum=100),
        Column("rooms", "integer"),
        Column("kind", "category", values=("A", "B")),
        Column("note", "text", required=False),
        Column("y", "decimal"),
    ),
)


def rows(n: int = 200) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "month": ["2025-01"] * n,
            "size": rng.uniform(20, 100, n),
            "rooms": rng.integers(1, 6, n),
            "kind": rng.choice(["A", "B"], n),
            "note": ["x"] * n,
            "y": rng.uniform(50, 150, n),
        }
    )


class Toy:
    """Predicts the size; fails on unseen kinds, is not finite for many rooms, forgets nothing else."""

    class use_case:  # noqa: N801
        contract = CONTRACT

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        if frame["kind"].is_in([UNSEEN]).any():
            raise KeyError(UNSEEN)
        return frame.select(pl.when(pl.col("rooms") > 20).then(np.inf).otherwise(pl.col("size")).alias("prediction"))


@pytest.fixture(scope="module")
def toy() -> dict[str, Any]:
    model: Any = Toy()
    return robustness_report(model, rows(), Task("regression", "y", "month"))


def test_every_column_of_the_contract_is_perturbed(toy: dict[str, Any]) -> None:
    assert list(toy["perturbations"]) == [
        "noise_1",
        "noise_5",
        "unseen.kind",
        "missing.note",
        "out_of_range.size",
        "out_of_range.rooms",
    ]


def test_noise_changes_answers_in_proportion(toy: dict[str, Any]) -> None:
    one, five = (toy["measures"][f"noise_{percent}.prediction_change"] for percent in (1, 5))
    assert 0.1 < one < 1
    assert one < five < 7


def test_what_is_not_used_changes_nothing(toy: dict[str, Any]) -> None:
    assert toy["measures"]["missing.note.prediction_change"] == 0
    assert toy["measures"]["missing.note.error_change"] == 0


def test_failures_and_answers_that_are_not_finite_are_counted(toy: dict[str, Any]) -> None:
    assert toy["perturbations"]["unseen.kind"]["failed"].startswith("KeyError")
    assert toy["perturbations"]["out_of_range.rooms"]["answered"] is False
    assert toy["measures"]["unanswered"] == 2
    assert toy["measures"]["unseen.kind.prediction_change"] is None


def test_noise_keeps_types_and_limits() -> None:
    frame = rows()
    noisy = {change.name: change.apply(frame) for change in perturbations(CONTRACT, frame)}["noise_5"]
    assert noisy.schema == frame.schema
    assert noisy["size"].max() <= 100
    assert not noisy["size"].equals(frame["size"])
    assert noisy["y"].equals(frame["y"])


def test_missing_numbers_stay_missing_under_noise() -> None:
    frame = rows(10).with_columns(pl.lit(None, dtype=pl.Int64).alias("rooms"))
    changes = {change.name: change.apply(frame) for change in perturbations(CONTRACT, frame)}
    assert changes["noise_1"]["rooms"].null_count() == 10
    assert "out_of_range.rooms" not in changes


class Moody(Toy):
    """The mean of its batch leaks into every answer."""

    def predict(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select((pl.col("size") - pl.col("size").mean()).alias("prediction"))


def test_a_model_whose_answer_depends_on_its_neighbours_is_not_deterministic() -> None:
    model: Any = Moody()
    report = robustness_report(model, rows(), Task("regression", "y", "month"))
    assert report["determinism"]["one_by_one"] is False
    assert report["measures"]["deterministic"] == 0


def test_classes_change_or_they_do_not() -> None:
    before, after = pl.DataFrame({"prediction": ["a", "b"]}), pl.DataFrame({"prediction": ["a", "a"]})
    np.testing.assert_array_equal(prediction_change(before, after, "classification"), [0, 100])


def test_a_missing_probability_is_no_answer() -> None:
    assert finite_answers(pl.DataFrame({"prediction": ["a"], "probability:a": [1.0]}))
    assert not finite_answers(
        pl.DataFrame({"prediction": ["a"], "probability:a": [None]}, schema_overrides={"probability:a": pl.Float64})
    )


def test_the_model_of_the_case_study_answers_everything_alike(model: Model, split: Any) -> None:
    report = robustness_report(model, split.test, task_of(model.use_case))
    assert report["determinism"]["deterministic"] is True
    assert report["measures"]["unanswered"] == 0
    assert report["measures"]["noise_1.error_change"] < 1
