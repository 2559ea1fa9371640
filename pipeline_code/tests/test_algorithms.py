"""Every algorithm: equal to its reference, the same bytes again, the same row alone or among others, and clear refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost
from labelled import labelled
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.model.algorithms import load_algorithm
from govml_pipeline.model.algorithms.base import Labelled
from govml_pipeline.usecase import TrainingSettings

SETTINGS = TrainingSettings(parameters={}, max_rounds=60, early_stopping_rounds=5)
FOREST = {"n_estimators": 50, "max_samples": 128, "max_features": 0.8, "contamination": 0.05}
CLUSTERS = {"n_clusters": 3, "n_init": 3}


def matrix(rows: int, *, seed: int = 1, missing: float = 0.0) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(rows, 5))
    values[:, 0] = generator.integers(0, 6, rows)
    values[generator.random(values.shape) < missing] = np.nan
    return values


def problem(name: str, rows: int = 600, *, seed: int = 1) -> tuple[Labelled, dict[str, Any]]:
    """Rows and parameters of each problem that an algorithm solves."""
    features = matrix(rows, seed=seed, missing=0.05 if name in ("number", "two", "three") else 0.0)
    signal = np.nan_to_num(features[:, 1]) + np.nan_to_num(features[:, 0])
    if name == "number":
        return labelled(features, signal, categories=1), {"max_depth": 3}
    if name == "two":
        return labelled(features, signal > 2, classes=2, categories=1), {"max_depth": 3}
    if name == "three":
        return labelled(features, np.digitize(signal, [1.5, 3.5]), classes=3, categories=1), {"max_depth": 3}
    if name == "anomaly":
        return labelled(features, features[:, 1] > 2), FOREST
    return labelled(features + 10 * np.arange(rows)[:, None] % 30), CLUSTERS


PROBLEMS = {
    "number": "xgboost",
    "two": "xgboost",
    "three": "xgboost",
    "anomaly": "isolation_forest",
    "clusters": "k_means",
}


@pytest.mark.parametrize(("name", "algorithm"), PROBLEMS.items())
def test_a_saved_model_says_the_same_row_by_row_and_has_the_same_bytes_again(
    name: str, algorithm: str, tmp_path: Path
) -> None:
    rows, parameters = problem(name)
    module = load_algorithm(algorithm)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        module.fit(rows, parameters, 20, seed=4).save(tmp_path / folder)
    (first,), (second,) = ([path.read_bytes() for path in (tmp_path / folder).iterdir()] for folder in ("a", "b"))
    assert first == second
    loaded = module.load(tmp_path / "a")
    together = loaded.output(rows.matrix)
    np.testing.assert_array_equal(together, module.fit(rows, parameters, 20, seed=4).output(rows.matrix))
    for position in range(0, len(together), 7):
        np.testing.assert_array_equal(loaded.output(rows.matrix[position : position + 1])[0], together[position])
    assert loaded.output(rows.matrix[:0]).shape == (0, *together.shape[1:])


@pytest.mark.parametrize(("name", "algorithm"), PROBLEMS.items())
def test_a_trial_has_a_score_and_the_rounds_that_it_took(name: str, algorithm: str) -> None:
    rows, parameters = problem(name)
    later, _ = problem(name, 200, seed=2)
    trial = load_algorithm(algorithm).search(rows, later, parameters, SETTINGS, seed=1)
    metrics = {"number": "rmse", "two": "logloss", "three": "mlogloss"}
    others = {"anomaly": "one_minus_auc", "clusters": "davies_bouldin"}
    assert trial.metric == {**metrics, **others}[name]
    assert 0 < trial.score < 1
    assert 1 <= trial.rounds <= 60
    assert trial.parameters == parameters


@pytest.mark.parametrize("name", ["two", "three"])
def test_probabilities_sum_to_one_and_learn_the_classes(name: str) -> None:
    rows, parameters = problem(name)
    output = load_algorithm("xgboost").fit(rows, parameters, 30, seed=1).output(rows.matrix)
    assert output.shape == (600, rows.classes)
    np.testing.assert_allclose(output.sum(axis=1), 1, atol=1e-6)
    assert (output.argmax(axis=1) == rows.label).mean() > 0.9


@pytest.mark.parametrize("name", ["number", "two", "three"])
def test_contributions_add_up_to_the_output(name: str) -> None:
    rows, parameters = problem(name)
    fitted = load_algorithm("xgboost").fit(rows, parameters, 30, seed=1)
    found = fitted.contributions(rows.matrix)
    assert found is not None
    assert found.names == rows.names
    assert found.values.shape == (600, 5)
    total, output = found.base + found.values.sum(axis=1), fitted.output(rows.matrix)
    if name == "number":
        np.testing.assert_allclose(total, output, atol=1e-4)
    elif name == "two":
        np.testing.assert_allclose(1 / (1 + np.exp(-total)), output[:, 1], atol=1e-5)
    else:
        margins = fitted.booster.predict(  # type: ignore[attr-defined]
            xgboost.DMatrix(rows.matrix, feature_names=rows.names, feature_types=rows.kinds, enable_categorical=True),
            output_margin=True,
        )
        np.testing.assert_allclose(total, margins.max(axis=1), atol=1e-4)


def test_unseen_codes_and_missing_columns_are_predicted() -> None:
    rows, parameters = problem("number")
    fitted = load_algorithm("xgboost").fit(rows, parameters, 20, seed=1)
    strange = rows.matrix[:3].copy()
    strange[0, 0], strange[1, :], strange[2, 0] = 17, np.nan, np.nan
    assert np.isfinite(fitted.output(strange)).all()


def test_a_measure_of_which_more_is_better_is_refused() -> None:
    rows, parameters = problem("two")
    later, _ = problem("two", 200, seed=2)
    with pytest.raises(UserError, match="'auc' is one of which more is better"):
        load_algorithm("xgboost").search(rows, later, {**parameters, "eval_metric": "auc"}, SETTINGS, seed=1)


def test_parameters_that_the_library_refuses_are_the_users_mistake() -> None:
    rows, parameters = problem("number")
    with pytest.raises(UserError, match=r"XGBoost: .*objective") as raised:
        load_algorithm("xgboost").fit(rows, {**parameters, "objective": "reg:nothing"}, 5, seed=1)
    assert "Stack trace" not in str(raised.value)


def test_the_number_of_bins_may_be_chosen() -> None:
    rows, parameters = problem("number")
    trial = load_algorithm("xgboost").search(rows, rows, {**parameters, "max_bin": 32}, SETTINGS, seed=1)
    assert trial.parameters["max_bin"] == 32


def test_the_forest_scores_as_scikit_learn_does() -> None:
    from sklearn.ensemble import IsolationForest

    rows, parameters = problem("anomaly", 1500)
    others = matrix(500, seed=9).astype(np.float32)
    ours = load_algorithm("isolation_forest").fit(rows, parameters, 50, seed=4)
    reference = IsolationForest(**parameters, random_state=4).fit(rows.matrix)
    for part in (rows.matrix, others, np.full((1, 5), 1e30, dtype=np.float32)):
        np.testing.assert_allclose(ours.output(part)[:, 0], -reference.score_samples(part), rtol=0, atol=1e-12)
        np.testing.assert_array_equal(ours.output(part)[:, 1] > 0, reference.predict(part) < 0)
    assert ours.output(rows.matrix)[:, 1].mean() == pytest.approx(0.05, abs=0.002)


def test_without_labels_a_forest_is_judged_by_its_threshold() -> None:
    rows, later = labelled(matrix(900)), labelled(matrix(300, seed=3))
    trial = load_algorithm("isolation_forest").search(rows, later, FOREST, SETTINGS, seed=1)
    flagged = load_algorithm("isolation_forest").fit(rows, FOREST, 50, seed=1).output(later.matrix)[:, 1].mean()
    assert (trial.metric, trial.score) == ("flagged_share_error", pytest.approx(abs(flagged - 0.05) / 0.05))


def test_clusters_are_those_of_scikit_learn() -> None:
    from sklearn.cluster import KMeans

    rows, parameters = problem("clusters")
    cluster, distance = load_algorithm("k_means").fit(rows, parameters, 1, seed=4).output(rows.matrix).T
    reference = KMeans(**parameters, random_state=4).fit(rows.matrix.astype(np.float64))
    np.testing.assert_allclose(distance, reference.transform(rows.matrix.astype(np.float64)).min(axis=1), rtol=1e-9)
    for number in range(3):
        assert len(set(reference.labels_[cluster == number])) == 1


@pytest.mark.parametrize(("algorithm", "parameters"), [("isolation_forest", FOREST), ("k_means", CLUSTERS)])
def test_missing_values_are_refused_by_name_where_none_may_be(algorithm: str, parameters: dict[str, Any]) -> None:
    values = matrix(50)
    values[3, 2] = np.nan
    with pytest.raises(UserError, match="'f2' has missing values"):
        load_algorithm(algorithm).fit(labelled(values), parameters, 10, seed=1)


def test_more_clusters_than_different_rows_are_refused() -> None:
    with pytest.raises(UserError, match="3 clusters of 1 different rows"):
        load_algorithm("k_means").fit(labelled(np.ones((9, 2))), CLUSTERS, 1, seed=1)


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(UserError, match="isolation_forest, k_means, xgboost"):
        load_algorithm("oracle")


def test_a_saved_object_is_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "model.npz", centres=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_algorithm("k_means").load(tmp_path)
