"""Fairness of decisions: of classes (each against the rest, where there are several) and of flagged anomalies."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.fairness.rates import group_rates, parity

#: A group chosen less often than four fifths of the most chosen one is looked at: EEOC Uniform Guidelines, 29 CFR 1607.4 D.
FOUR_FIFTHS: Final = 0.8


def decisions(
    group: pl.Series, outcomes: dict[str, tuple[NDArray[np.bool_] | None, NDArray[np.bool_]]], minimum_rows: int
) -> dict[str, Any]:
    """Rates by group for each outcome, the parity measures, and findings.

    Args:
        group: group of each row as text, shape (n,).
        outcomes: by name whether each row is the outcome (None: nobody knows) and is predicted as it, shape (n,) each.
        minimum_rows: groups of fewer rows enter no measure.

    Returns:
        `outcomes`, by name the rates of each group and the parity measures; `measures`, the worst over the outcomes;
        `findings`.
    """
    names = group.to_numpy()
    report: dict[str, Any] = {}
    findings = []
    for outcome, (truth, chosen) in outcomes.items():
        values = {}
        for name in sorted(set(names.tolist())):
            rows = names == name
            values[name] = {"n": int(rows.sum()), **group_rates(None if truth is None else truth[rows], chosen[rows])}
            if values[name]["n"] < minimum_rows:
                values[name]["few"] = True
        enough = {name: entry for name, entry in values.items() if not entry.get("few")}
        report[outcome] = {"values": values, "measures": parity(enough)}
        findings += _findings(outcome, enough)
    return {"outcomes": report, "measures": _worst(report), "findings": findings}


def _worst(report: dict[str, Any]) -> dict[str, float | None]:
    worst: dict[str, float | None] = {}
    for outcome in report.values():
        for name, value in outcome["measures"].items():
            known = [seen for seen in (worst.get(name), value) if seen is not None]
            pick = min if name.endswith("_ratio") else max
            worst[name] = pick(known) if known else None
    return worst


def _findings(outcome: str, groups: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups chosen less than four fifths as often as the most chosen one, beyond chance: their intervals are apart."""
    if not groups:
        return []
    most = max(groups.values(), key=lambda entry: entry["selection_rate"])
    return [
        {
            "group": name,
            "measure": f"selection_rate of {outcome}",
            "value": entry["selection_rate"],
            "interval": entry["intervals"]["selection_rate"],
            "overall": most["selection_rate"],
        }
        for name, entry in groups.items()
        if entry["selection_rate"] < FOUR_FIFTHS * most["selection_rate"]
        and entry["intervals"]["selection_rate"][1] < most["intervals"]["selection_rate"][0]
    ]
