"""Pictures of a run for MLflow's page: what the evaluation's numbers look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A bar chart of more values than this cannot be read.
_MOST = 30


def segment_figures(evaluation: dict[str, Any], metric: str) -> dict[str, Figure]:
    """Draw one metric by the values of each segment column, worst on top, beside the overall value.

    Args:
        evaluation: report of the step Evaluate.
        metric: a metric of its overall group and of its segments.

    Returns:
        Figures by file name.
    """
    from matplotlib.figure import Figure

    overall = next(group[metric]["value"] for name, group in evaluation.items() if name.endswith("_metrics"))
    figures = {}
    for segment, values in evaluation["segments"].items():
        # A metric may be a number, or a number with its interval.
        numbers = {name: _number(entry.get(metric)) for name, entry in values.items()}
        known = sorted((number, name) for name, number in numbers.items() if number is not None)[-_MOST:]
        figure = Figure(figsize=(7, 1 + 0.25 * len(known)), layout="constrained")
        axes = figure.subplots()
        axes.barh([name for _, name in known], [number for number, _ in known], color="#4c72b0")
        axes.axvline(overall, color="black", linewidth=1, linestyle="--")
        axes.set_title(f"{metric} by {segment} (dashed: all rows, {overall:.4g})")
        figures[f"plots/{metric}_by_{segment}.png"] = figure
    return figures


def _number(value: Any) -> float | None:
    number = value.get("value") if isinstance(value, dict) else value
    return None if number is None else float(number)
