"""Weeks and days against a monthly baseline: false alarms on resampled stable months, and when the surge is flagged.

The published sales know their month and nothing finer, so each month's sales are dealt at random into weeks or days: what
differs between windows of one month is sampling error, what differs between months is real. There is no weekday in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.judging.performance import performance
from govml_pipeline.monitoring.settings import MonitoringSettings, Period
from walking import series

#: Windows of a month, and sizes of m of n with the cool-down that go with them.
PARTS: Final[dict[Period, int]] = {"month": 1, "week": 4, "day": 28}
RULES: Final[dict[Period, tuple[tuple[int, int, int], ...]]] = {
    "month": ((2, 3, 3),),
    "week": ((2, 3, 3), (2, 3, 13), (4, 6, 13), (6, 9, 13), (8, 12, 13)),
    "day": ((2, 3, 3), (2, 3, 91), (7, 10, 91), (14, 21, 91)),
}
YEARS: Final = 10
REPLICATES: Final = 5
BLOCKS: Final = (6,)


def dealt(predicted: pl.DataFrame, first: str, last: str, parts: int) -> dict[str, list[series.Entry]]:
    """Metrics of each month's windows, from `first` to before `last`."""
    rows = predicted.filter((pl.col("month") >= first) & (pl.col("month") < last)).sort(predicted.columns)
    order = np.random.default_rng(20170101).permutation(rows.height)
    place = pl.Series("place", order).to_frame().with_columns(rows["month"])
    part = place.select((pl.col("place").rank("ordinal").over("month") - 1) % parts).to_series()
    named = rows.with_columns((pl.col("month") + "-" + part.cast(pl.String).str.zfill(2)).alias("window"))
    found = performance(named, series.TASK, (), 1)
    by_month: dict[str, list[series.Entry]] = {}
    for name, entry in sorted(found.items()):
        by_month.setdefault(name[:7], []).append(entry)
    return by_month


def named(entries: Sequence[series.Entry], period: Period, first: str) -> list[tuple[str, series.Entry]]:
    """The entries under the names of windows that follow each other."""
    name, found = first, []
    for entry in entries:
        found.append((name, entry))
        name = windows.after(name, period)
    return found


def table(predicted: Mapping[tuple[str, int], pl.DataFrame], models: Sequence[str], limit: float) -> None:
    """Print a row for each period and rule: worst model and block, and months from the surge's onset to the alarm."""
    print("| window | rows | sustained | cool-down | resampled: worst, false alarms a year | plain | packaged | live |")
    print("|---|--:|--:|--:|--:|---|---|---|")
    for period, rules in RULES.items():
        walks, rows = _walks(predicted, models, period)
        surges = {name: _surge(predicted, name, period) for name in models}
        for m, n, cool in rules:
            settings = MonitoringSettings(
                period=period,
                minimum_labels=20,
                thresholds={"concept_drift": limit},
                sustained=(m, n),
                cool_down=cool,
            )
            rates = {
                key: sum(len(walk.alarms(settings)) for walk in each) / (YEARS * len(each))
                for key, each in walks.items()
            }
            worst = max(rates, key=lambda key: rates[key])
            flagged = [_flagged(surges[name], settings, PARTS[period]) for name in models]
            print(
                f"| {period} | {rows:.0f} | {m} of {n} | {cool} | {rates[worst]:.2f} ({worst[0]}, {worst[1]}) | "
                f"{' | '.join(flagged)} |",
                flush=True,
            )


def _walks(
    predicted: Mapping[tuple[str, int], pl.DataFrame], models: Sequence[str], period: Period
) -> tuple[dict[tuple[str, int], list[series.Walk]], float]:
    rng = np.random.default_rng(20170101)
    found: dict[tuple[str, int], list[series.Walk]] = {}
    sizes: list[int] = []
    for name in models:
        baseline, watched = [], []
        for year in range(2015, 2020):
            frame = predicted[name, year]
            baseline += [each[0] for each in dealt(frame, f"{year}-01", f"{year + 1}-01", 1).values()]
            watched += list(dealt(frame, f"{year}-01", f"{year + 1}-01", PARTS[period]).values())
        sizes += [entry["n"] for month in watched for entry in month]
        for block in BLOCKS:
            for _ in range(REPLICATES):
                before, after = series.resampled(baseline, years=YEARS, block=block, rng=rng)
                entries = [entry for place in after for entry in watched[place]]
                walk = series.Walk.through(
                    [baseline[place] for place in before], named(entries, period, _first(period))
                )
                found.setdefault((name, block), []).append(walk)
    return found, float(np.mean(sizes))


def _surge(predicted: Mapping[tuple[str, int], pl.DataFrame], name: str, period: Period) -> series.Walk:
    baseline = [each[0] for each in dealt(predicted[name, 2019], "2019-01", "2020-01", 1).values()]
    watched = dealt(predicted[name, 2020], "2020-01", "2022-01", PARTS[period])
    return series.Walk.through(
        baseline, named([e for month in watched.values() for e in month], period, _first(period))
    )


def _flagged(walk: series.Walk, settings: MonitoringSettings, parts: int) -> str:
    order = [name for name, _, _ in walk.signals]
    months = [f"{2020 + place // parts // 12}-{place // parts % 12 + 1:02d}" for place in range(len(order))]
    alarms = [months[order.index(name)] for name in walk.alarms(settings)]
    early = [month for month in alarms if month < "2020-07"]
    later = [month for month in alarms if month >= "2020-07"]
    return (later[0] if later else "none") + (f", early {early[0]}" if early else "")


def _first(period: Period) -> str:
    return "2000-01" if period == "month" else "2000-01-03"
