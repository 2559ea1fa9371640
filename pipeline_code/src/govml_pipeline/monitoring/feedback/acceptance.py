"""How many answers people accept, by window and segment, and whether those are fewer than usual.

The interval is Wilson's (Wilson 1927, Journal of the American Statistical Association 22, 209-212); the p-value that of
the one-sided exact binomial test against the share that the use case names (`MonitoringSettings.accept_rate`). Nothing of
it depends on other windows, so a window that is judged again changes no other.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from govml_pipeline.monitoring.feedback.reading import ACCEPTED
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.settings import MonitoringSettings


def acceptance(rows: pl.DataFrame, segments: tuple[str, ...], minimum: int) -> dict[str, Any] | None:
    """Accepted answers of one window's rows.

    Args:
        rows: rows with `accepted` (null: nobody said anything), shape (n, columns).
        segments: columns by whose values they are counted too.
        minimum: answers with a verdict below which a segment is left out.

    Returns:
        `said` (answers with a verdict), `accepted`, `rate`, `interval`, and `segments`: by column and value the same;
        None where nobody said anything.
    """
    if ACCEPTED not in rows.columns:
        return None
    known = rows.filter(pl.col(ACCEPTED).is_not_null())
    if known.is_empty():
        return None
    found = _counted(known)
    found["segments"] = {}
    for column in segments:
        parts = known.with_columns(pl.col(column).cast(pl.String).fill_null("(missing)")).partition_by(
            column, as_dict=True
        )
        found["segments"][column] = {
            str(value): _counted(part) for (value,), part in sorted(parts.items()) if part.height >= minimum
        }
    return found


def _counted(rows: pl.DataFrame) -> dict[str, Any]:
    from scipy import stats

    said, accepted = rows.height, int(rows[ACCEPTED].sum())
    low, high = stats.binomtest(accepted, said).proportion_ci(0.95, method="wilson")
    return {"said": said, "accepted": accepted, "rate": accepted / said, "interval": [float(low), float(high)]}


def acceptance_signals(window: str, found: dict[str, Any] | None, settings: MonitoringSettings) -> tuple[Signal, ...]:
    """By how much fewer answers are accepted than usual, as a share of all; one signal for all and one a segment.

    Args:
        window: name of the window.
        found: of `acceptance`.
        settings: the use case's; without `accept_rate` there are no signals, nor with fewer verdicts than
            `minimum_labels`.
    """
    usual = settings.accept_rate
    if found is None or usual is None or found["said"] < settings.minimum_labels:
        return ()
    from scipy import stats

    entries = [("accept rate", found)]
    entries += [
        (f"accept rate@{column}={value}", entry)
        for column, values in found["segments"].items()
        for value, entry in values.items()
    ]
    signals = []
    for name, entry in entries:
        p_value = float(stats.binomtest(entry["accepted"], entry["said"], usual, alternative="less").pvalue)
        says = f"{entry['accepted']:,} of {entry['said']:,} answers accepted, {usual:.0%} are usual"
        lacking = max(0.0, usual - entry["rate"])
        signals.append(Signal("feedback_drift", name, window, lacking, p_value, entry["said"], -1, says))
    return tuple(signals)
