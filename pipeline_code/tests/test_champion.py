"""The model that serves against the one that was just trained: paired, month by month, never a reason to fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml_pipeline.champion.comparison import compare
from govml_pipeline.champion.input import champion_metrics, champion_report
from govml_pipeline.evaluation.measuring import Task

REGRESSION = Task("regression", "price", "month")


def rows(months: int = 8, each: int = 30, **columns: object) -> pl.DataFrame:
    number = months * each
    month = [f"2024-{1 + index // each:02}" for index in range(number)]
    price = np.random.default_rng(1).uniform(300, 900, number)
    return pl.DataFrame({"month": month, "price": price, **columns})


def off_by(frame: pl.DataFrame, percent: float, *, seed: int) -> pl.DataFrame:
    noise = np.random.default_rng(seed).normal(0, percent / 100, frame.height)
    return pl.DataFrame({"prediction": frame["price"].to_numpy() * (1 + noise)})


def test_a_better_challenger_wins_and_a_worse_one_does_not() -> None:
    frame = rows()
    good, bad = off_by(frame, 2, seed=2), off_by(frame, 4, seed=3)
    won, lost = compare(frame, good, bad, REGRESSION), compare(frame, bad, good, REGRESSION)
    assert won["win_confidence"] == 1.0
    assert lost["win_confidence"] == 0.0
    assert won["loss"] == "absolute percentage error"
    assert won["lower"] <= won["improvement_percent"] <= won["upper"]
    assert won["lower"] > 0 > lost["upper"]
    expected = (frame["price"] - good["prediction"]).abs() / frame["price"] * 100
    assert won["challenger"] == pytest.approx(expected.mean())


def test_equal_models_do_not_beat_each_other() -> None:
    frame = rows()
    answers = off_by(frame, 3, seed=4)
    same = compare(frame, answers, answers, REGRESSION)
    assert (same["win_confidence"], same["improvement_percent"]) == (0.0, 0.0)


def test_chance_differences_give_no_confidence() -> None:
    frame = rows()
    sure = [
        compare(frame, off_by(frame, 3, seed=2 * n), off_by(frame, 3, seed=2 * n + 1), REGRESSION)["win_confidence"]
        for n in range(40)
    ]
    assert np.mean(np.array(sure) > 0.95) <= 0.15


def test_one_odd_month_is_not_enough() -> None:
    # Better by far in one month of eight, a little worse in all others: months are drawn whole, so no confidence.
    frame = rows()
    champion = off_by(frame, 3, seed=5)
    odd = frame["month"] == "2024-03"
    factor = np.where(odd.to_numpy(), 0.0, 1.05)
    price = frame["price"].to_numpy()
    challenger = pl.DataFrame({"prediction": price + (champion["prediction"].to_numpy() - price) * factor})
    report = compare(frame, challenger, champion, REGRESSION)
    assert report["improvement_percent"] > 0
    assert report["win_confidence"] < 0.95


def test_two_months_are_too_few() -> None:
    frame = rows(months=2)
    report = compare(frame, off_by(frame, 1, seed=1), off_by(frame, 9, seed=2), REGRESSION)
    assert report["win_confidence"] is None
    assert champion_metrics({"present": True, **report})["champion.win_confidence"] is None


def test_zero_truths_are_compared_by_absolute_error() -> None:
    frame = rows(each=5).with_columns(price=pl.when(pl.int_range(pl.len()) % 5 == 0).then(0.0).otherwise("price"))
    report = compare(frame, frame.select(prediction="price"), frame.select(prediction=pl.col("price") + 1), REGRESSION)
    assert (report["loss"], report["challenger"], report["champion"]) == ("absolute error", 0.0, 1.0)
    assert report["improvement_percent"] == 100.0


def test_rows_without_truth_are_left_out() -> None:
    frame = rows().with_columns(price=pl.when(pl.int_range(pl.len()) < 30).then(None).otherwise("price"))
    answers = pl.DataFrame({"prediction": np.ones(frame.height)})
    assert compare(frame, answers, answers, REGRESSION)["rows"] == frame.height - 30
    nothing = frame.with_columns(price=pl.lit(None, dtype=pl.Float64))
    assert "no row" in compare(nothing, answers, answers, REGRESSION)["reason"]


def test_classes_by_log_loss_and_an_unknown_class_costs_most() -> None:
    frame = rows().with_columns(paid=pl.Series(["yes", "no", "late"] * 80))
    task = Task("classification", "paid", "month")
    flat = pl.DataFrame({f"probability:{name}": np.full(240, 1 / 3) for name in ("yes", "no", "late")})
    blind = pl.DataFrame({f"probability:{name}": np.full(240, 1 / 2) for name in ("yes", "no")})
    report = compare(frame, flat, blind, task)
    assert report["loss"] == "log loss"
    assert report["challenger"] == pytest.approx(np.log(3))
    assert report["champion"] > 10
    assert report["win_confidence"] == 1.0


def test_flags_of_anomalies_are_compared_where_there_is_a_label() -> None:
    frame = rows().with_columns(fraud=pl.Series(["1", "0", "0"] * 80))
    task = Task("anomaly", "fraud", "month", "1")
    right, none = pl.DataFrame({"prediction": [True, False, False] * 80}), pl.DataFrame({"prediction": [False] * 240})
    report = compare(frame, right, none, task)
    assert (report["challenger"], report["champion"]) == (0.0, pytest.approx(1 / 3))
    assert not compare(frame, right, none, Task("anomaly", "", "month"))["compared"]
    assert "clustering" in compare(frame, right, none, Task("clustering", "fraud", "month"))["reason"]


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=40))
def test_whatever_the_numbers_the_report_is_finite_and_antisymmetric(numbers: list[tuple[float, float, float]]) -> None:
    truth, one, two = (list(column) for column in zip(*numbers, strict=True))
    frame = pl.DataFrame({"month": [f"2024-{1 + index % 5:02}" for index in range(len(truth))], "price": truth})
    first, second = pl.DataFrame({"prediction": one}), pl.DataFrame({"prediction": two})
    there, back = compare(frame, first, second, REGRESSION), compare(frame, second, first, REGRESSION)
    assert there["challenger"] == back["champion"]
    assert np.isfinite(there["improvement_percent"])
    if there["win_confidence"] is not None:
        assert 0 <= there["win_confidence"] + back["win_confidence"] <= 1


def test_without_a_champion_there_is_nobody_to_beat(tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef.zip").write_bytes(b"the code archive, which is what the default leads to")
    frame = rows()
    report = champion_report(tmp_path, frame, off_by(frame, 3, seed=1), REGRESSION)
    assert report == {"present": False}
    assert champion_metrics(report) == {"champion.win_confidence": 1.0}


def test_a_champion_that_cannot_be_read_is_reported_and_beats_nobody(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(b"damaged")
    frame = rows()
    report = champion_report(tmp_path, frame, off_by(frame, 3, seed=1), REGRESSION)
    assert report["present"]
    assert not report["compared"]
    assert "cannot be unpacked" in report["reason"]
    assert champion_metrics(report)["champion.win_confidence"] is None


def test_a_champion_of_another_contract_is_reported(model_folder: Path) -> None:
    frame = rows()
    report = champion_report(model_folder, frame, off_by(frame, 3, seed=1), REGRESSION)
    assert "cannot answer these rows" in report["reason"]


def test_an_archive_that_knows_no_predict_is_reported(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_text("{}")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "old.zip").write_bytes(b"no archive")
    frame = rows()
    report = champion_report(tmp_path, frame, off_by(frame, 3, seed=1), REGRESSION)
    assert "cannot answer these rows" in report["reason"]


@pytest.mark.parametrize("content", [b"", b"PAR1 cut", None])
def test_predict_by_hand_tells_what_is_wrong_with_its_rows(
    model_folder: Path, tmp_path: Path, content: bytes | None
) -> None:
    asked = tmp_path / "rows.parquet"
    rows().write_parquet(asked) if content is None else asked.write_bytes(content)
    command = [sys.executable, "-m", "govml_pipeline.main", "predict", "--model-dir", str(model_folder)]
    done = subprocess.run(
        [*command, "--rows", str(asked), "--output", str(tmp_path / "out.parquet")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "hint: " in done.stderr
    assert not (tmp_path / "out.parquet").exists()
