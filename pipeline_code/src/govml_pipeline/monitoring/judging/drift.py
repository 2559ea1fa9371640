"""Drift of inputs, predictions and target: how a window's distributions differ from the baseline's.

Size is the population stability index beyond what chance makes of it, so that small windows do not look drifted. Whether
it is unusual is asked of the baseline itself: each of its windows is held against all the others in the same way. A month of
the year differs in every window by its nature, and so it did in the baseline: no alarm.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.model.predictions import PROBABILITY
from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.measures.comparison import FeatureDrift, compare
from govml_pipeline.monitoring.measures.predictions import prediction_features
from govml_pipeline.monitoring.settings import MonitoringSettings, SignalKind
from govml_pipeline.monitoring.sketches.profile import FeatureKind, Profile, profile
from govml_pipeline.usecase import Kind

#: Distinct values up to which a text counts as a category; more are names of things, which come and go.
TEXT_VALUES: Final = 100
#: Groups that a baseline's sketch keeps of a column: errors of a few thousandths in a bin's share, in a few kB.
CAPACITY: Final = 1024


def features_of(
    rows: pl.DataFrame, contract: Contract, kind: Kind, settings: MonitoringSettings
) -> dict[str, FeatureKind]:
    """Kind of every column that is compared: inputs (not the time), prediction and, where it is there, the target.

    Args:
        rows: rows of the baseline with their predictions.
        contract: the data contract.
        kind: kind of the use case.
        settings: names what is never compared.
    """
    found: dict[str, FeatureKind] = {}
    for column in contract.columns:
        name = column.name
        if name == contract.time_column or name in settings.ignore or name not in rows.columns:
            continue
        if column.kind in ("integer", "decimal"):
            found[name] = "number"
        elif column.kind == "category" or rows[name].n_unique() <= TEXT_VALUES:
            found[name] = "category"
    classes = tuple(name.removeprefix(PROBABILITY) for name in rows.columns if name.startswith(PROBABILITY))
    return found | prediction_features(kind, classes)


def inputs_of(kinds: dict[str, FeatureKind], contract: Contract) -> dict[str, FeatureKind]:
    """The inputs among the columns that are compared."""
    return {name: kind for name, kind in kinds.items() if signal_kind(name, contract) == "data_drift"}


def signal_kind(feature: str, contract: Contract) -> SignalKind:
    """What a column's drift is called."""
    if feature == contract.target:
        return "target_drift"
    return "data_drift" if feature in contract.names else "prediction_drift"


def size(drift: FeatureDrift) -> float | None:
    """PSI beyond its expectation by chance, (k - 1)(1/n + 1/m); None where nothing can be compared."""
    before, now = _known(drift)
    if drift.psi is None or before < 1 or now < 1:
        return None
    return max(0.0, drift.psi - (len(drift.bins) - 1) * (1 / before + 1 / now))


def _p_value(drift: FeatureDrift, among_windows: float | None) -> float | None:
    """The larger of two: among the baseline's windows, and by chance with so few rows (Yurdakul and Naranjo 2020).

    A window that is much smaller than the baseline's varies more than they did, which the first alone would not know.
    """
    before, now = _known(drift)
    if among_windows is None or drift.psi is None:
        return among_windows
    from scipy import stats

    by_chance = float(stats.chi2.sf(drift.psi / (1 / before + 1 / now), max(1, len(drift.bins) - 1)))
    return max(among_windows, by_chance)


def _known(drift: FeatureDrift) -> tuple[float, float]:
    """Rows with a value, of the baseline and now."""
    before = drift.baseline_rows * (1 - (drift.baseline_missing or 0))
    return before, drift.current_rows * (1 - (drift.current_missing or 0))


def usual_sizes(rows: pl.DataFrame, kinds: dict[str, FeatureKind]) -> dict[str, list[float]]:
    """Each window of a baseline against all its other windows: sizes by feature, in the order of the windows.

    Args:
        rows: rows of the baseline with `window`.
        kinds: what is compared.
    """
    names = rows[WINDOW].unique().sort().to_list()
    if len(names) < 2:
        return {name: [] for name in kinds}
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for name in names:
        mine = pl.col(WINDOW) == name
        rest, part = (profile(rows.filter(which), kinds, capacity=CAPACITY) for which in (~mine, mine))
        for drift in compare(rest, part):
            found[drift.feature].append(size(drift) or 0.0)
    return found


def drift_signals(
    window: str, current: Profile, baseline: Profile, usual: dict[str, list[float]], contract: Contract
) -> tuple[tuple[Signal, ...], list[dict[str, Any]]]:
    """Compare a window with the baseline.

    Args:
        window: name of the window.
        current: profile of its rows.
        baseline: profile of the baseline's, with the same features or more.
        usual: sizes among the baseline's windows, by feature.
        contract: names the target.

    Returns:
        One signal a feature; and the comparison of each, for the findings.
    """
    signals, details = [], []
    shared = {name: sketch for name, sketch in baseline.features.items() if name in current.features}
    for drift in compare(Profile(baseline.rows, shared), current):
        details.append(drift.to_dict())
        value = size(drift)
        if value is None:
            continue
        says = f"PSI {drift.psi:.3g} of {drift.feature}"
        if drift.new_share:
            says += f", {drift.new_share:.1%} of the rows in {len(drift.new_categories or {})} new categories"
        kind = signal_kind(drift.feature, contract)
        p_value = _p_value(drift, unusual(value, usual.get(drift.feature, [])))
        signals.append(Signal(kind, drift.feature, window, value, p_value, drift.current_rows, says=says))
    return tuple(signals), details
