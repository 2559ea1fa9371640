"""Draws of the local tuner: every combination once, the same for the same seed, better than chance."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from govml.execution.failures import StepFailed
from govml.execution.search import Drawn, make_search, parse_ranges

DEPTHS, RATES = ["4", "6", "8"], ["0.05", "0.1"]
LISTS = {"CategoricalParameterRanges": [{"Name": "depth", "Values": DEPTHS}, {"Name": "rate", "Values": RATES}]}
NUMBERS = {
    "IntegerParameterRanges": [{"Name": "leaves", "MinValue": "2", "MaxValue": "200", "ScalingType": "Logarithmic"}],
    "ContinuousParameterRanges": [{"Name": "share", "MinValue": "0.1", "MaxValue": "0.9"}],
}


def drawn(strategy: str, raw: dict[str, Any], *, trials: int, seed: int = 1) -> list[Drawn]:
    search = make_search(strategy, parse_ranges(raw), trials=trials, seed=seed, minimise=True)
    found = []
    for _ in range(trials):
        each = search.ask()
        found.append(each)
        search.tell(each, _score(each))
    return found


def _score(each: Drawn) -> float:
    return sum((float(value) - 0.3) ** 2 for value in each.values())


def test_a_grid_has_every_combination_once() -> None:
    found = [(each["depth"], each["rate"]) for each in drawn("Grid", LISTS, trials=6)]
    assert sorted(found) == sorted(itertools.product(DEPTHS, RATES))


@pytest.mark.parametrize("trials", [2, 5, 7])
def test_a_grid_is_refused_with_another_number_of_trials(trials: int) -> None:
    with pytest.raises(StepFailed, match=f"the grid has 6 combinations, but {trials} trials"):
        make_search("Grid", parse_ranges(LISTS), trials=trials, seed=1, minimise=True)


def test_a_grid_is_refused_with_ranges_of_numbers() -> None:
    with pytest.raises(StepFailed, match="a grid takes lists of values alone, leaves, share"):
        make_search("Grid", parse_ranges(NUMBERS), trials=6, seed=1, minimise=True)


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
@pytest.mark.parametrize("raw", [LISTS, NUMBERS, {**LISTS, **NUMBERS}])
def test_draws_lie_in_the_space_and_depend_on_the_seed_alone(strategy: str, raw: dict[str, Any]) -> None:
    found = drawn(strategy, raw, trials=12)
    for each in found:
        if "depth" in each:
            assert each["depth"] in DEPTHS and each["rate"] in RATES
        if "leaves" in each:
            assert 2 <= int(each["leaves"]) <= 200 and 0.1 <= float(each["share"]) <= 0.9
    assert drawn(strategy, raw, trials=12) == found
    assert drawn(strategy, raw, trials=12, seed=2) != found


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_no_combination_is_tried_twice_while_there_are_others(strategy: str) -> None:
    found = drawn(strategy, LISTS, trials=6)
    assert len({tuple(each.items()) for each in found}) == 6
    assert len(drawn(strategy, LISTS, trials=8)) == 8  # the space is used up: some come again


def test_a_bayesian_search_learns_from_the_scores() -> None:
    last = drawn("Bayesian", NUMBERS, trials=60)[-15:]
    chance = drawn("Random", NUMBERS, trials=60)[-15:]
    assert sorted(map(_score, last))[7] < sorted(map(_score, chance))[7] / 4


def test_a_failed_trial_does_not_end_the_search() -> None:
    search = make_search("Bayesian", parse_ranges(LISTS), trials=3, seed=1, minimise=True)
    first, second = search.ask(), search.ask()
    search.tell(second, None)
    search.tell(first, 1.0)
    assert set(search.ask()) == {"depth", "rate"}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "no hyperparameter to vary"),
        ({"ContinuousParameterRanges": [{"Name": "a", "MinValue": "1", "MaxValue": "1"}]}, "1 to 1 is no range"),
        (
            {
                "ContinuousParameterRanges": [
                    {"Name": "a", "MinValue": "0", "MaxValue": "1", "ScalingType": "Logarithmic"}
                ]
            },
            "0 to 1 is no range of Logarithmic",
        ),
        (
            {
                "ContinuousParameterRanges": [
                    {"Name": "a", "MinValue": "0", "MaxValue": "1", "ScalingType": "ReverseLogarithmic"}
                ]
            },
            "no ReverseLogarithmic scaling",
        ),
    ],
)
def test_ranges_that_are_none_are_refused(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(StepFailed, match=message):
        parse_ranges(raw)


def test_another_strategy_is_refused() -> None:
    with pytest.raises(StepFailed, match="no strategy Hyperband"):
        make_search("Hyperband", parse_ranges(LISTS), trials=3, seed=1, minimise=True)
