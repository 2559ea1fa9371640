"""The kinds of model tests on models whose faults are known, and the case study's own tests."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.model_tests.kinds import Directional, Invariance, MinimumFunctionality
from govml_pipeline.model_tests.report import model_test_report
from usecases.hdb_resale import model_tests as hdb


class Linear:
    """Price of two hundred a square metre; flats of 50 or more lose with every further one if `dip` is set."""

    def __init__(self, *, dip: bool = False) -> None:
        self.dip = dip

    def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
        area = pl.col("area").cast(pl.Float64)
        price = pl.when((area > 50) & self.dip).then(100 - area).otherwise(area) * 200
        return rows.select(price.alias("prediction"))


ROWS = pl.DataFrame({"area": [20, 30, 50, 60], "town": ["A", "B", "A", None]})
UP: dict[str, Any] = {"change": lambda rows: rows.with_columns(pl.col("area") + 1), "direction": "up", "why": ""}


def only(model: Any, test: Any) -> dict[str, Any]:
    (result,) = model_test_report(model, ROWS, (test,))["tests"]
    return result


def test_direction_of_each_row() -> None:
    assert only(Linear(), Directional(name="up", **UP))["passed"] is True
    broken = only(Linear(dip=True), Directional(name="up", **UP))
    assert (broken["passed"], broken["violations"], broken["rows"]) == (False, 2, 4)
    assert [example["inputs"]["area"] for example in broken["examples"]] == [50, 60]
    assert broken["examples"][1] == {
        "inputs": {"area": 60, "town": None},
        "prediction": pytest.approx(8000),
        "changed": pytest.approx(7800),
    }


def test_a_share_of_violations_may_be_allowed() -> None:
    assert only(Linear(dip=True), Directional(name="up", allowed=0.5, **UP))["passed"] is True
    assert only(Linear(dip=True), Directional(name="up", allowed=0.49, **UP))["passed"] is False


def test_direction_of_the_average() -> None:
    down = {**UP, "direction": "down"}
    assert only(Linear(), Directional(name="up", of="average", **UP))["passed"] is True
    result = only(Linear(), Directional(name="down", of="average", **down))
    assert (result["passed"], result["asked_of"], result["violations"]) == (False, "the average", 4)


def test_unchanged_rows_are_left_out_and_no_row_at_all_has_shown_nothing() -> None:
    some = {
        **UP,
        "change": lambda rows: rows.with_columns(pl.col("area") + (pl.col("town") == "B").fill_null(value=False)),
    }
    assert only(Linear(), Directional(name="some", **some))["rows"] == 1
    nothing = only(Linear(), Directional(name="none", **{**UP, "change": lambda rows: rows}))
    assert (nothing["rows"], nothing["passed"]) == (0, False)


def test_invariance_with_tolerance() -> None:
    shift = {"change": lambda rows: rows.with_columns(pl.col("area") * 1.01), "why": ""}
    assert only(Linear(), Invariance(name="exact", **shift))["violations"] == 4
    assert only(Linear(), Invariance(name="near", tolerance=0.011, **shift))["passed"] is True
    town = {"change": lambda rows: rows.with_columns(pl.lit("Z").alias("town")), "why": ""}
    assert only(Linear(), Invariance(name="town", **town))["passed"] is True


def test_invariance_of_classes() -> None:
    class Sorter:
        def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
            return rows.select(
                pl.when(pl.col("area") > 50).then(pl.lit("large")).otherwise(pl.lit("small")).alias("prediction")
            )

    result = only(Sorter(), Invariance(name="size", change=UP["change"], why=""))
    assert result["examples"] == [{"inputs": {"area": 50, "town": "A"}, "prediction": "small", "changed": "large"}]


def test_minimum_functionality() -> None:
    case = {"rows": lambda rows: rows.filter(pl.col("town") == "A"), "why": ""}
    good = MinimumFunctionality(name="dear", expect=lambda _, answers: answers["prediction"] > 3000, **case)
    assert only(Linear(), good)["rows"] == 2
    bad = MinimumFunctionality(name="dear", expect=lambda _, answers: answers["prediction"] > 5000, **case)
    assert only(Linear(), bad)["examples"] == [{"inputs": {"area": 20, "town": "A"}, "prediction": 4000.0}]


def test_a_model_that_cannot_answer_has_failed() -> None:
    gone = Invariance(name="gone", change=lambda rows: rows.drop("area"), why="")
    result = only(Linear(), gone)
    assert result["passed"] is False
    assert "ColumnNotFoundError" in result["failed"]


def test_an_answer_that_is_no_number_breaks_every_kind() -> None:
    class Blank:
        def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
            return pl.DataFrame({"prediction": [float("nan")] * rows.height})

    assert only(Blank(), Directional(name="up", **UP))["violations"] == 4
    assert only(Blank(), Directional(name="mean", of="average", **UP))["passed"] is False
    assert only(Blank(), Invariance(name="same", change=lambda rows: rows, why=""))["violations"] == 4


def test_two_of_a_name_are_refused() -> None:
    test = Directional(name="up", **UP)
    with pytest.raises(UserError, match="two are named 'up'"):
        model_test_report(Linear(), ROWS, (test, test))


def test_the_case_studys_changes_do_what_they_say() -> None:
    flats = pl.DataFrame({"storey_range": ["04 TO 06", "37 TO 39", "01 TO 05"], "floor_area_sqm": [60.0, 70.0, 80.0]})
    assert hdb.higher(flats)["storey_range"].to_list() == ["07 TO 09", "37 TO 39", "04 TO 08"]
    assert hdb.larger(flats)["floor_area_sqm"].to_list() == [65.0, 75.0, 85.0]


def test_the_case_studys_model_passes_its_tests(model: Model, split: Any) -> None:
    rows = split.test.select(model.use_case.contract.names)
    report = model_test_report(model, rows, model.use_case.model_tests)
    assert report["failed"] == 0, [test for test in report["tests"] if not test["passed"]]
    assert len(report["tests"]) == 5
