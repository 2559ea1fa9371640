"""The hedonic regression: the past alone, the textbook's solution, the same bits alone and among others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govml_pipeline.features.hedonic import HedonicRegression, Term

RNG = np.random.default_rng(3)
COUNT, FIRST = 400, 2020 * 12
months: NDArray[np.int64] = RNG.integers(FIRST, FIRST + 24, COUNT)
STOREY: NDArray[np.float64] = RNG.normal(size=COUNT)
TOWN: NDArray[np.float64] = RNG.integers(0, 4, COUNT).astype(np.float64)
VALUES = 0.3 * STOREY + np.array([0.1, -0.2, 0.4, 0.0])[TOWN.astype(int)] + RNG.normal(scale=0.01, size=COUNT)


def terms(chosen: NDArray[np.int64] | slice = slice(None)) -> list[Term]:
    return [
        Term(np.ones(COUNT)[chosen]),
        Term(STOREY[chosen]),
        Term(np.ones(COUNT)[chosen], TOWN[chosen], 4),
        Term(STOREY[chosen], TOWN[chosen], 4),
    ]


def fitted(values: NDArray[np.float64] = VALUES, *, half_life: float = 12.0) -> HedonicRegression:
    return HedonicRegression.fit(terms(), months, values, half_life=half_life, penalty=2.0)


def test_coefficients_solve_the_weighted_ridge_regression_of_the_months_before() -> None:
    """Against scikit-learn, which gets the weights of each month spelt out."""
    from sklearn.linear_model import Ridge

    one_hot = np.eye(4)[TOWN.astype(int)]
    design = np.column_stack([np.ones(COUNT), STOREY, one_hot, one_hot * STOREY[:, None]])
    regression = fitted(half_life=6.0)
    for month in (FIRST + 1, FIRST + 7, FIRST + 24):
        past = months < month
        # The sums fade once a month, so the latest month counts whole.
        weight = 0.5 ** ((month - 1 - months[past]) / 6.0)
        reference = Ridge(alpha=2.0, fit_intercept=False, solver="cholesky")
        reference.fit(design[past], VALUES[past], sample_weight=weight)
        np.testing.assert_allclose(regression.coefficients[month - FIRST], reference.coef_, rtol=1e-8, atol=1e-10)


def test_nothing_is_known_before_the_first_month_and_the_last_coefficients_hold() -> None:
    regression, row = fitted(), terms(slice(0, 1))
    assert regression.predict(row, np.array([FIRST])) == 0.0
    assert regression.predict(row, np.array([FIRST + 24])) == regression.predict(row, np.array([FIRST + 90]))


@given(month=st.integers(FIRST + 1, FIRST + 23), factor=st.floats(-5, 5))
@settings(max_examples=20, deadline=None)
def test_a_month_and_later_ones_never_change_what_is_expected_in_it(month: int, factor: float) -> None:
    disturbed = np.where(months >= month, VALUES * factor + 1.0, VALUES)
    now = months == month
    expected = fitted().predict(terms(now), months[now])
    np.testing.assert_array_equal(fitted(disturbed).predict(terms(now), months[now]), expected)


def test_a_row_alone_gets_what_it_gets_among_others_to_the_bit() -> None:
    regression = fitted()
    together = regression.predict(terms(), months)
    alone = [regression.predict(terms(slice(i, i + 1)), months[i : i + 1])[0] for i in range(COUNT)]
    np.testing.assert_array_equal(alone, together)


def test_an_unseen_group_is_worth_what_rows_in_general_are() -> None:
    unseen = [Term(np.ones(1)), Term(np.ones(1)), *[Term(np.ones(1), np.array([code]), 4) for code in (np.nan, -1.0)]]
    plain = fitted().coefficients[5, :2].sum()
    assert fitted().predict(unseen, np.array([FIRST + 5])) == pytest.approx(plain)


def test_the_state_survives_the_round_trip_to_the_bit() -> None:
    regression = fitted()
    again = HedonicRegression.from_frame(regression.to_frame())
    assert again.first_month == regression.first_month
    np.testing.assert_array_equal(again.coefficients, regression.coefficients)


def test_no_observations_are_refused() -> None:
    with pytest.raises(ValueError, match="needs observations"):
        HedonicRegression.fit([Term(np.ones(0))], np.zeros(0, np.int64), np.zeros(0), half_life=1, penalty=1)
