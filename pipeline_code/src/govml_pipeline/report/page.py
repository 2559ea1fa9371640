"""The page, from what a run has produced."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from govml_pipeline.evaluation.measuring import PREDICTION
from govml_pipeline.model_card.evidence import Evidence
from govml_pipeline.report import plots, shown

#: Metric by which months, segments and groups are shown, by metrics group; with what a person calls it.
MAIN: Final = {
    "regression_metrics": ("mape", "mean absolute percentage error, %"),
    "binary_classification_metrics": ("f1", "F1"),
    "multiclass_classification_metrics": ("f1", "F1, mean of the classes"),
    "anomaly_detection_metrics": ("flagged_share", "share of rows flagged"),
    "clustering_metrics": ("mean_distance", "mean distance to the centre"),
}
_FEATURES: Final = 15


def page(evidence: Evidence, checks: dict[str, Any]) -> str:
    """Make the page; the same evidence gives the same bytes.

    Args:
        evidence: what the run has produced.
        checks: the AI Verify checks, see `ai_verify`.
    """
    group, entries = evidence.metrics()
    main, words = MAIN[group]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"number": shown.number, "interval": shown.interval, "percent": shown.percent}
    source = resources.files("govml_pipeline.report").joinpath("page.html").read_text(encoding="utf-8")
    overall = entries[main]["value"]
    return environment.from_string(source).render(
        evidence=evidence,
        card=evidence.use_case.card,
        group=group,
        entries=entries,
        main=main,
        words=words,
        checks=checks,
        scatter=_scatter(evidence),
        months=_months(evidence, main, words, overall),
        segments={
            name: _bars(f"{words}, by {name}", values, main, overall)
            for name, values in evidence.evaluation["segments"].items()
        },
        calibration=_calibration(evidence),
        features=_features(evidence),
        fairness={
            name: _fairness(name, part, main, words, overall) for name, part in evidence.fairness["groups"].items()
        },
    )


def _scatter(evidence: Evidence) -> Markup | None:
    if evidence.use_case.kind not in ("regression", "timeseries"):
        return None
    target = evidence.use_case.contract.target
    truth, predicted = (evidence.predictions[name].cast(pl.Float64).to_numpy() for name in (target, PREDICTION))
    return plots.density("Predicted against true values of the test rows", truth, predicted, ("true", "predicted"))


def _months(evidence: Evidence, main: str, words: str, overall: float | None) -> Markup | None:
    known = {month: entry[main] for month, entry in evidence.evaluation["months"].items() if entry[main] is not None}
    return plots.line(f"{words}, by month", list(known), list(known.values()), reference=overall) if known else None


def _bars(title: str, values: dict[str, dict[str, Any]], main: str, overall: float | None) -> Markup | None:
    """Bars of groups with enough rows, the largest value first."""
    known = {
        name: entry for name, entry in values.items() if entry.get(main) is not None and not entry.get("few", False)
    }
    order = sorted(known, key=lambda name: -known[name][main])
    if not order:
        return None
    ends = [known[name]["intervals"].get(main) for name in order]
    return plots.bars(title, order, [known[name][main] for name in order], intervals=ends, reference=overall)


def _calibration(evidence: Evidence) -> Markup | None:
    points = evidence.evaluation.get("calibration")
    if not points:
        return None
    pairs = [(point["confidence"], point["frequency"]) for point in points]
    return plots.reliability("Calibration: predicted probability against observed share", *zip(*pairs, strict=True))


def _features(evidence: Evidence) -> Markup:
    first = evidence.explanation["features"][:_FEATURES]
    sizes = [entry["mean_absolute"] for entry in first]
    return plots.bars("Mean absolute contribution of the features", [entry["feature"] for entry in first], sizes)


def _fairness(name: str, part: dict[str, Any], main: str, words: str, overall: float | None) -> list[Markup]:
    """Plots of one column of groups: the main metric, or how often each outcome is predicted."""
    found: list[Markup | None] = []
    if "values" in part:
        found.append(_bars(f"{words}, by {name}", part["values"], main, overall))
    for outcome, rates in part.get("outcomes", {}).items():
        title = f"share of rows predicted as {outcome}, by {name}"
        found.append(_bars(title, rates["values"], "selection_rate", None))
    return [plot for plot in found if plot is not None]
