"""What retraining brings: the model that the engine asks for, against one that is trained anew every quarter.

The baseline of a retrained model is the year before it, as the quarterly models predicted it: what a fresh model of the kind
does. Its errors are looked at where it begins, and until the engine asks again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.monitoring.judging.windows import after
from govml_pipeline.monitoring.settings import MonitoringSettings
from walking.models import Market, cached
from walking.series import Walk, entries

#: Last month for each kind: the models with histories take four times as long to train.
_END = "2025-08"
_KINDS = {"plain": _END, "packaged": "2022-12"}


def table(market: Market, folder: Path, first_year: dict[Any, Any], settings: MonitoringSettings) -> None:
    """Print each retraining, and the errors of the three ways to go on from 2020."""
    for name, last in _KINDS.items():
        end = after(last, "month")
        fresh = _quarterly(market, folder, name, "2019-07", last)
        baseline = [entry for _, entry in sorted(first_year[name, 2019].items())]
        model, origin, loop = cached(market, folder, name, "2020-01", _END), "2020-01", []
        frozen = model
        print(f"{name}: asked for with the labels of a month, trained on all months up to it\n")
        print("| trained up to | MAPE of the 3 months before | of the 3 after | quarterly model, the same 3 | ratio |")
        print("|---|--:|--:|--:|--:|")
        while True:
            watched = sorted(entries(model, origin, end).items())
            alarm = next(iter(Walk.through(baseline, watched).alarms(settings)), None)
            until = end if alarm is None else after(alarm, "month")
            loop.append(model.filter((pl.col("month") >= origin) & (pl.col("month") < until)))
            if alarm is None or months.number(last) - months.number(until) < 2:
                break
            was = _mape(model, after(until, "month", -3), until)
            model, origin = cached(market, folder, name, until, _END), until
            later = after(origin, "month", 3)
            now, quarterly = _mape(model, origin, later), _mape(fresh, origin, later)
            print(f"| {alarm} | {was:.2f} | {now:.2f} | {quarterly:.2f} | {now / quarterly:.2f} |", flush=True)
            known = entries(fresh, max("2019-07", after(origin, "month", -12)), origin)
            baseline = [entry for _, entry in sorted(known.items())]
        whole = [_mape(frame, "2020-01", end) for frame in (frozen, pl.concat(loop), fresh)]
        print(f"\n{name}, MAPE 2020-01 to {last}: frozen {whole[0]:.2f}, retrained when asked ({len(loop) - 1} times) "
              f"{whole[1]:.2f}, trained anew every quarter {whole[2]:.2f}\n", flush=True)  # fmt: skip


def _quarterly(market: Market, folder: Path, name: str, first: str, last: str) -> pl.DataFrame:
    """Months from `first` on, each as the model trained before its quarter predicted it."""
    parts, origin = [], first
    while origin <= last:
        until = after(origin, "month", 3)
        found = cached(market, folder, name, origin, _END)
        parts.append(found.filter((pl.col("month") >= origin) & (pl.col("month") < until)))
        origin = until
    return pl.concat(parts)


def _mape(frame: pl.DataFrame, first: str, until: str) -> float:
    part = frame.filter((pl.col("month") >= first) & (pl.col("month") < until))
    return float((part["prediction"] / part["resale_price"] - 1).abs().mean() * 100)  # type: ignore[operator]
