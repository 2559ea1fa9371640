"""Contributions against all coalitions by hand, additivity, and a ranking that says where it is sure."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.explanation.attribution import EXACT_ROWS, attribute, sample
from govml_pipeline.explanation.ranking import ranking
from govml_pipeline.explanation.report import explanation_report
from govml_pipeline.explanation.shapley import permutation_importance, sampled_shapley
from govml_pipeline.model.artefact import Model


def curved(matrix: np.ndarray) -> np.ndarray:
    x = matrix.astype(float)
    return 3 * x[:, 0] + x[:, 1] * x[:, 2] + np.where(x[:, 3] > 0, x[:, 0], 0)


def by_all_coalitions(row: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The definition: weighted changes over every set of known features, the rest from each background row."""
    p = len(row)

    def worth(known: tuple[int, ...]) -> float:
        mixed = background.copy()
        mixed[:, list(known)] = row[list(known)]
        return curved(mixed).mean()

    values = np.zeros(p)
    for feature in range(p):
        others = [other for other in range(p) if other != feature]
        for size in range(p):
            weight = math.factorial(size) * math.factorial(p - size - 1) / math.factorial(p)
            for known in itertools.combinations(others, size):
                values[feature] += weight * (worth((*known, feature)) - worth(known))
    return values


def test_sampling_comes_near_to_all_coalitions() -> None:
    rng = np.random.default_rng(0)
    background = rng.normal(size=(1, 4)).astype(np.float32)
    rows = rng.normal(size=(5, 4)).astype(np.float32)
    values, _ = sampled_shapley(curved, rows, background, orders=4000)
    expected = np.array([by_all_coalitions(row, background) for row in rows])
    np.testing.assert_allclose(values, expected, atol=0.05)


def test_sampling_over_many_backgrounds_comes_near_too() -> None:
    rng = np.random.default_rng(1)
    background = rng.normal(size=(6, 4)).astype(np.float32)
    row = rng.normal(size=(1, 4)).astype(np.float32)
    values, _ = sampled_shapley(curved, row, background, orders=8000)
    np.testing.assert_allclose(values[0], by_all_coalitions(row[0], background), atol=0.1)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_sampled_values_add_up_whatever_the_number_of_orders(seed: int, orders: int) -> None:
    rng = np.random.default_rng(seed)
    rows, background = (rng.normal(size=(n, 4)).astype(np.float32) for n in (3, 5))
    values, base = sampled_shapley(curved, rows, background, orders)
    np.testing.assert_allclose(base + values.sum(axis=1), curved(rows), rtol=1e-9, atol=1e-9)


def test_an_order_and_its_reverse_are_exact_for_two_features() -> None:
    def product(matrix: np.ndarray) -> np.ndarray:
        return matrix[:, 0].astype(float) * matrix[:, 1]

    row, background = np.array([[3, 5]], dtype=np.float32), np.array([[1, 1]], dtype=np.float32)
    values, base = sampled_shapley(product, row, background, orders=2)
    # Each alone adds 2 and 4, together 14: the 8 that only both bring is shared.
    np.testing.assert_allclose(values, [[6, 8]])
    assert base == 1


def test_a_feature_that_does_nothing_gets_nothing() -> None:
    rows = np.random.default_rng(2).normal(size=(50, 5)).astype(np.float32)
    values, _ = sampled_shapley(curved, rows, rows, 4)
    importance = permutation_importance(curved, rows)
    assert np.abs(values[:, 4]).max() < 1e-12
    assert importance[4] == 0
    assert importance.argmax() == 0


def test_ranking_says_direction_and_stability() -> None:
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(500, 14)).astype(np.float32)
    values = matrix * np.array([5, -4, 3] + [0.5] * 11)
    values[:, 13] = 0
    names = tuple(f"f{i}" for i in range(14))
    found = ranking(names, ("q",) * 2 + ("c",) + ("q",) * 11, matrix, values, {"f0": "the first"})
    assert [entry["feature"] for entry in found[:3]] == ["f0", "f1", "f2"]
    assert found[0]["direction"] == pytest.approx(1)
    assert found[1]["direction"] == pytest.approx(-1)
    assert found[2]["direction"] is None
    assert [entry["stable"] for entry in found[:3]] == [True] * 3
    assert not all(entry["stable"] for entry in found[3:])  # eleven alike share seven places
    assert (found[0]["meaning"], found[1]["meaning"]) == ("the first", None)
    assert sum(entry["share"] for entry in found) == pytest.approx(1)


def test_exact_values_of_the_model_add_up(model: Model, split: Any) -> None:
    frame = pl.concat([split.test, model.predict(split.test)], how="horizontal")
    report = explanation_report(model, frame, {"storey": "middle of the storey range"})
    assert report["method"].startswith("exact")
    assert report["additivity"]["holds"] is True
    assert len(report["features"]) == len(model.transformation.names)
    storey = next(entry for entry in report["features"] if entry["feature"] == "storey")
    assert storey["meaning"] == "middle of the storey range"
    assert -1 <= storey["direction"] <= 1
    for example in report["examples"]:
        parts = [entry["contribution"] for entry in example["contributions"]]
        assert example["base"] + sum(parts) + example["rest"] == pytest.approx(example["output"])


class WithoutExactValues:
    """A model of another algorithm: strangeness and flag, as an isolation forest answers."""

    transformation = SimpleNamespace(
        names=("a", "b", "c", "d"),
        kinds=("q",) * 4,
        transform=lambda rows: SimpleNamespace(matrix=rows.select("a", "b", "c", "d").to_numpy().astype(np.float32)),
    )
    fitted = SimpleNamespace(output=lambda matrix: np.column_stack([curved(matrix), curved(matrix) > 4]))

    def __init__(self, model: Model) -> None:
        self.use_case = replace(model.use_case, kind="anomaly")

    def contributions(self, rows: pl.DataFrame) -> None:
        return None


def test_other_algorithms_are_sampled(model: Model) -> None:
    frame = pl.DataFrame(np.random.default_rng(4).normal(size=(300, 4)), schema=list("abcd"))
    frame = frame.with_columns(pl.lit(False).alias("prediction"))
    stand_in: Any = WithoutExactValues(model)
    report = explanation_report(stand_in, frame, {})
    assert report["rows"] == 100
    assert report["additivity"]["holds"] is True
    assert max(report["importance"], key=report["importance"].get) == "a"
    assert report == explanation_report(stand_in, frame, {})


def test_the_sample_is_fixed_and_bounded(model: Model, split: Any) -> None:
    assert len(sample(30_000, EXACT_ROWS)) == EXACT_ROWS
    np.testing.assert_array_equal(sample(30_000, 5), sample(30_000, 5))
    one = attribute(model, split.test.head(1))
    assert one.values.shape == (1, len(model.transformation.names))
