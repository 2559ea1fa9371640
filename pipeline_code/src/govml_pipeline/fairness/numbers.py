"""Fairness of predicted numbers: does the model err more, or in one direction, for some groups?

Parity of the predictions themselves is no aim where groups differ in what is predicted: flats of one town do cost more
than those of another. So errors are compared, not predictions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Errors of which less is better, whose worst group is set against all rows.
_ERRORS = ("mae", "mape")


def number_measures(groups: dict[str, dict[str, Any]], overall: dict[str, Any]) -> dict[str, float | None]:
    """Gaps (largest minus smallest) over groups with enough rows, and the worst group's error over that of all rows.

    Args:
        groups: metrics of each such group.
        overall: metrics of all rows.
    """
    measures: dict[str, float | None] = {}
    for name in ("mae", "mape", "bias", "r2"):
        values = [entry[name] for entry in groups.values() if entry[name] is not None]
        measures[f"{name}_gap"] = max(values) - min(values) if len(values) > 1 else None
        if name in _ERRORS:
            usable = values and overall[name]
            measures[f"{name}_worst_ratio"] = max(values) / overall[name] if usable else None
        if name == "bias":
            measures["bias_largest"] = float(np.abs(values).max()) if values else None
    return measures


def number_findings(
    groups: dict[str, dict[str, Any]], overall: dict[str, Any], *, worse_by: float
) -> list[dict[str, Any]]:
    """Groups whose percentage error is larger than that of all rows beyond chance, by a factor that matters.

    Args:
        groups: metrics of each group with enough rows, with intervals.
        overall: metrics of all rows.
        worse_by: factor over the error of all rows from which on a group is a finding.
    """
    found = []
    for group, entry in groups.items():
        interval = entry["intervals"].get("mape")
        if (
            interval
            and overall["mape"]
            and interval[0] > overall["mape"]
            and entry["mape"] > worse_by * overall["mape"]
        ):
            found.append(
                {
                    "group": group,
                    "measure": "mape",
                    "value": entry["mape"],
                    "interval": interval,
                    "overall": overall["mape"],
                }
            )
    return sorted(found, key=lambda item: -item["value"])
