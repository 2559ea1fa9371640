"""Draws hyperparameters for the trials of a tuning job: grid, random or Bayesian, the same draws for the same seed.

Stands for the search of SageMaker's tuner, which is not published; Optuna's samplers do the same job (TPE: Bergstra et al.,
"Algorithms for Hyper-Parameter Optimization", 2011).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from govml.execution.failures import StepFailed

Drawn = dict[str, str]
#: How often a draw is made again that was given out before, until it is given out once more: the space may be used up.
_REDRAWS = 100


class Search(Protocol):
    """A search in progress."""

    def ask(self) -> Drawn:
        """Return the hyperparameters of the next trial, as text."""
        ...

    def tell(self, drawn: Drawn, score: float | None) -> None:
        """Take the score of a trial; None: it failed. Scores must come in the order of the trials."""
        ...


@dataclass(frozen=True)
class Range:
    """One hyperparameter: a list of values, or numbers from `low` to `high`."""

    name: str
    values: tuple[str, ...] = ()
    low: float = math.nan
    high: float = math.nan
    integer: bool = False
    logarithmic: bool = False


def parse_ranges(raw: Mapping[str, Any]) -> list[Range]:
    """Read `ParameterRanges` of a tuning job.

    Raises:
        StepFailed: a range is none, or of a scaling that is not imitated here.
    """
    ranges = [
        Range(item["Name"], values=tuple(str(value) for value in item["Values"]))
        for item in raw.get("CategoricalParameterRanges", [])
    ]
    for key in ("IntegerParameterRanges", "ContinuousParameterRanges"):
        for item in raw.get(key, []):
            scaling = item.get("ScalingType", "Auto")
            if scaling not in ("Auto", "Linear", "Logarithmic"):
                raise StepFailed(f"hyperparameter {item['Name']}: the local tuner has no {scaling} scaling")
            low, high = float(item["MinValue"]), float(item["MaxValue"])
            if not low < high or (scaling == "Logarithmic" and low <= 0):
                raise StepFailed(f"hyperparameter {item['Name']}: {low:g} to {high:g} is no range of {scaling} scaling")
            ranges.append(
                Range(
                    item["Name"],
                    low=low,
                    high=high,
                    integer=key.startswith("Integer"),
                    logarithmic=scaling == "Logarithmic",
                )
            )
    if not ranges:
        raise StepFailed("the tuning job has no hyperparameter to vary")
    return sorted(ranges, key=lambda each: each.name)


def make_search(strategy: str, ranges: Sequence[Range], *, trials: int, seed: int, minimise: bool) -> Search:
    """Begin a search.

    Args:
        strategy: Grid, Random or Bayesian.
        ranges: what to vary.
        trials: how many trials there will be.
        seed: seed of every draw.
        minimise: less is better.

    Raises:
        StepFailed: another strategy, or a grid that the number of trials does not fit.
    """
    if strategy == "Grid":
        return Grid(ranges, trials)
    if strategy in ("Random", "Bayesian"):
        return Sampled(strategy, ranges, seed=seed, minimise=minimise)
    raise StepFailed(f"the local tuner has no strategy {strategy}: it has Grid, Random and Bayesian")


def combinations(ranges: Sequence[Range]) -> int:
    """Return how many combinations a grid has.

    Raises:
        StepFailed: a hyperparameter has a range instead of a list of values.
    """
    if numbers := [each.name for each in ranges if not each.values]:
        raise StepFailed(f"a grid takes lists of values alone, {', '.join(numbers)} has a range")
    return math.prod(len(each.values) for each in ranges)


class Grid:
    """Every combination once, the last hyperparameter by name varying fastest."""

    def __init__(self, ranges: Sequence[Range], trials: int) -> None:
        size = combinations(ranges)
        # One trial is a training without tuning, whatever the strategy.
        if trials not in (1, size):
            raise StepFailed(f"the grid has {size} combinations, but {trials} trials were asked for: ask for all")
        self._names = [each.name for each in ranges]
        self._rest = itertools.product(*(each.values for each in ranges))

    def ask(self) -> Drawn:
        """Return the next combination."""
        return dict(zip(self._names, next(self._rest), strict=True))

    def tell(self, drawn: Drawn, score: float | None) -> None:
        """Take note of nothing: the next combination is the next one anyway."""


class Sampled:
    """Draws of Optuna: at random, or by what earlier trials scored."""

    def __init__(self, strategy: str, ranges: Sequence[Range], *, seed: int, minimise: bool) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna = optuna
        seed %= 2**32  # what NumPy's generators take
        # Optuna's default draws ten trials at random first, which would be half of a usual budget.
        sampler: Any = (
            optuna.samplers.TPESampler(seed=seed, n_startup_trials=6)
            if strategy == "Bayesian"
            else optuna.samplers.RandomSampler(seed=seed)
        )
        self._study = optuna.create_study(sampler=sampler, direction="minimize" if minimise else "maximize")
        self._space = {each.name: self._distribution(each) for each in ranges}
        self._open: list[tuple[Drawn, Any]] = []
        self._given: list[Drawn] = []

    def _distribution(self, each: Range) -> Any:
        of = self._optuna.distributions
        if each.values:
            return of.CategoricalDistribution(each.values)
        if each.integer:
            return of.IntDistribution(int(each.low), int(each.high), log=each.logarithmic)
        return of.FloatDistribution(each.low, each.high, log=each.logarithmic)

    def ask(self) -> Drawn:
        """Draw from the space, by every score told until now; again while the draw is one that was given out before.

        A sampler that likes a combination draws it over and over, and training is the same every time.
        """
        for _ in range(_REDRAWS):
            trial = self._study.ask(self._space)
            drawn = {name: str(value) for name, value in trial.params.items()}
            if drawn not in self._given:
                break
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)  # counts for nothing
        else:
            trial = self._study.ask(self._space)
            drawn = {name: str(value) for name, value in trial.params.items()}
        self._given.append(drawn)
        self._open.append((drawn, trial))
        return drawn

    def tell(self, drawn: Drawn, score: float | None) -> None:
        """Take the score of the oldest trial with these hyperparameters that has none yet."""
        position = next(i for i, (each, _) in enumerate(self._open) if each is drawn)
        _, trial = self._open.pop(position)
        if score is None:
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(trial, score)
