"""Signals: one number each about one window, with what it takes to count; and the correction for looking at many of them.

Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70; Benjamini and Hochberg 1995, Journal of the Royal Statistical
Society B 57(1), 289-300.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from govml_pipeline.monitoring.settings import Correction, MonitoringSettings, SignalKind


@dataclass(frozen=True)
class Signal:
    """One measure of one window.

    Args:
        kind: what it is about.
        name: the measure, and the column or group that it is of, as in `mape` or `town`.
        window: name of the window.
        value: size of the change, 0 for none, in the unit of the kind's threshold.
        p_value: chance of such a change among the baseline's own windows; None: it is not tested, the size decides.
        rows: rows that it was measured on.
        direction: 1 for more, -1 for less, 0 where there is no direction.
        says: the change in words, with its figures.
    """

    kind: SignalKind
    name: str
    window: str
    value: float
    p_value: float | None = None
    rows: int = 0
    direction: int = 0
    says: str = ""

    @property
    def key(self) -> str:
        """What the signal is called in the state, the same in every window."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Ruled:
    """A signal after correction.

    Args:
        signal: as measured, its p-value corrected.
        threshold: size from which on it counts.
        breached: it counts.
    """

    signal: Signal
    threshold: float
    breached: bool

    def as_json(self) -> dict[str, Any]:
        """The signal with `threshold` and `breached`, as the result file has it."""
        return {**asdict(self.signal), "threshold": self.threshold, "breached": self.breached}


def rule(signals: Iterable[Signal], settings: MonitoringSettings) -> list[Ruled]:
    """Correct the p-values within each kind and window, and say which signals count.

    A signal counts if its size reaches the threshold of its kind and, where it is tested, its corrected p-value is at most
    `alpha`: a change has to matter and to be more than the usual difference between windows.
    """
    groups: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for signal in signals:
        groups[signal.window, signal.kind].append(signal)
    ruled = []
    for group in groups.values():
        tested = [signal.p_value for signal in group if signal.p_value is not None]
        corrected = iter(correct(tested, settings.correction))
        for signal in group:
            p_value = None if signal.p_value is None else next(corrected)
            threshold = settings.threshold(signal.kind)
            counts = signal.value >= threshold and (p_value is None or p_value <= settings.alpha)
            ruled.append(Ruled(replace(signal, p_value=p_value), threshold, counts))
    return ruled


def correct(p_values: Sequence[float], how: Correction) -> list[float]:
    """Correct p-values for their number; the order stays.

    Args:
        p_values: shape (k,), each 0 to 1.
        how: `holm` (chance of any false one), `benjamini-hochberg` (share of false ones) or `none`.

    Examples:
        >>> correct([0.01, 0.04, 0.03], "holm")
        [0.03, 0.06, 0.06]
    """
    if how == "none" or not p_values:
        return list(p_values)
    values = np.asarray(p_values, dtype=np.float64)
    if how == "benjamini-hochberg":
        from scipy import stats

        return [float(value) for value in stats.false_discovery_control(values)]
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in adjusted]


def unusual(value: float, usual: Sequence[float], *, error: float = 0.0, two_sided: bool = False) -> float | None:
    """Chance of a value among what windows of the baseline gave: the test of one new observation against k old ones.

    t = (value - mean) / sqrt(s^2 (1 + 1/k) + e^2), with k - 1 degrees of freedom: the prediction interval of a normal
    sample (Hahn and Meeker 1991, Statistical Intervals, section 4.7). It knows season, mix and everything else that makes
    months differ, since the baseline's months differed by it too.

    Args:
        value: of the new window.
        usual: of the baseline's windows, shape (k,), at least 3.
        error: standard error that the new window has beyond that of the baseline's windows, in the value's unit.
        two_sided: less is as unusual as more.

    Returns:
        The p-value; None with fewer than 3 windows, of which no variation can be told.
    """
    if len(usual) < 3:
        return None
    k = len(usual)
    mean = math.fsum(usual) / k
    variance = math.fsum((each - mean) ** 2 for each in usual) / (k - 1)
    spread = math.sqrt(variance * (1 + 1 / k) + error**2)
    distance = value - mean
    # Windows that never differed at all (a constant column): any difference is unusual, none is not.
    if spread <= 1e-12 * max(abs(mean), abs(value)):
        changed = abs(distance) > 1e-12 * max(abs(mean), abs(value)) and (two_sided or distance > 0)
        return 0.0 if changed else 1.0
    from scipy import stats  # here: most steps import this module for its types, and SciPy takes most of a second

    score = distance / spread
    if two_sided:
        return float(2 * stats.t.sf(abs(score), k - 1))
    return float(stats.t.sf(score, k - 1))
