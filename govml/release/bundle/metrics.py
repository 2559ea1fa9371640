"""Two models' metrics beside each other, and which way is better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from govml.release.bundle.version import Version

Trend = Literal["better", "worse", "same", "unknown"]

#: Metrics whose larger value is the better one, and those whose smaller is. Of others nothing is claimed.
_LARGER: Final = frozenset(
    {"r2", "f1", "precision", "recall", "accuracy", "balanced_accuracy", "roc_auc", "pr_auc", "average_precision"}
    | {"silhouette", "calinski_harabasz", "mcc", "deterministic"}
)
_SMALLER: Final = frozenset(
    {"mape", "mdape", "mae", "rmse", "mse", "smape", "mase", "wape", "log_loss", "brier", "davies_bouldin"}
    | {"mean_distance", "failed", "expected_calibration_error", "unanswered"}
)
_SMALLER_ENDS: Final = ("_gap", "_largest", "_worst_ratio", "error_change", "prediction_change", "latency_p50_ms")
_SMALLER_ENDS_TOO: Final = ("latency_p99_ms", "model_size_mb", "_disparity")


@dataclass(frozen=True)
class Row:
    """One metric of two models.

    Args:
        name: its name.
        unit: its unit, or nothing.
        value: of the new model, with `interval`.
        former: of the champion, with `former_interval`; None where there is none.
        interval: 95 % interval.
        former_interval: likewise.
    """

    name: str
    unit: str = ""
    value: float | None = None
    former: float | None = None
    interval: tuple[float, float] | None = None
    former_interval: tuple[float, float] | None = None

    @property
    def difference(self) -> float | None:
        """New less former."""
        return None if self.value is None or self.former is None else self.value - self.former

    @property
    def trend(self) -> Trend:
        """Whether the new value is the better one."""
        change, way = self.difference, direction(self.name)
        if change is None or (way == 0 and change != 0):
            return "unknown"
        if change == 0:
            return "same"
        return "better" if change * way > 0 else "worse"

    @property
    def apart(self) -> bool:
        """Whether the two intervals do not touch: the difference is then hardly chance."""
        one, other = self.interval, self.former_interval
        return bool(one and other and (one[0] > other[1] or one[1] < other[0]))


def direction(name: str) -> int:
    """Return 1 where a larger value is better, -1 where a smaller is, 0 where nobody can say."""
    last = name.rsplit(".", 1)[-1]
    if last in _LARGER:
        return 1
    return -1 if last in _SMALLER or last.endswith((*_SMALLER_ENDS, *_SMALLER_ENDS_TOO)) else 0


def evaluation_rows(new: Version, champion: Version | None) -> list[Row]:
    """Return the metrics of both models' evaluations, in the order of the new one's report."""
    ours, theirs = _metrics(new), _metrics(champion) if champion else {}
    return [
        Row(
            name=name,
            unit=str(entry.get("unit", "")),
            value=_number(entry.get("value")),
            former=_number(theirs.get(name, {}).get("value")),
            interval=_interval(entry),
            former_interval=_interval(theirs.get(name, {})),
        )
        for name, entry in ours.items()
    ]


def flat_rows(new: Any, former: Any) -> list[Row]:
    """Return the numbers of two flat mappings beside each other; what neither has a value of is left out."""
    ours = new if isinstance(new, Mapping) else {}
    theirs = former if isinstance(former, Mapping) else {}
    rows = [Row(name, "", _number(value), _number(theirs.get(name))) for name, value in ours.items()]
    return [row for row in rows if row.value is not None or row.former is not None]


def known(new: Version, metric: str) -> float | None:
    """Return a version's value of a metric by the name that an acceptance criterion has for it."""
    part, _, rest = metric.partition(".")
    if not rest:
        return _number(_metrics(new).get(metric, {}).get("value"))
    if part == "fairness":
        column, _, name = rest.rpartition(".")
        return _number(new.at("fairness", "groups", column, "measures", name))
    if part == "robustness":
        return _number(new.at("robustness", "measures", rest))
    report = {"champion": ("evaluation", "champion"), "operational": ("operational",), "model_tests": ("model_tests",)}
    return _number(new.at(*report[part], rest)) if part in report else None


def _metrics(version: Version) -> dict[str, Mapping[str, Any]]:
    return dict(_entries(version))


def _entries(version: Version) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group, entries in (version.reports.get("evaluation") or {}).items():
        if group.endswith("_metrics") and isinstance(entries, Mapping):
            yield from ((name, entry) for name, entry in entries.items() if isinstance(entry, Mapping))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _interval(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    ends = _number(entry.get("lower")), _number(entry.get("upper"))
    return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
