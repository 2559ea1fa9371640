"""What the inputs say meanwhile: sizes of data drift, with the month of the year among the columns."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from govml_pipeline.monitoring.judging.drift import CAPACITY, drift_signals, features_of, usual_sizes
from govml_pipeline.monitoring.judging.signals import rule
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.usecase import load_use_case

_SHOWN = ("2020-03", "2020-09", "2021-03", "2021-12", "2023-06", "2025-08")


def table(rows: pl.DataFrame) -> None:
    """Print the sizes of the drift of 2020 to 2025 against 2019, and how often each counts."""
    contract = load_use_case("hdb_resale").contract
    settings = replace(MonitoringSettings(), ignore=("block", "street_name", "remaining_lease"))
    frame = rows.with_columns(
        pl.col("month").alias("window"),
        pl.col("month").str.slice(5, 2).cast(pl.Int64).alias("month_of_year"),
        pl.col("resale_price").alias("prediction"),  # no model here; its place is needed, and left out below
    )
    baseline = frame.filter(pl.col("month").str.starts_with("2019"))
    kinds = {**features_of(baseline, contract, "regression", settings), "month_of_year": "number"}
    kinds.pop("prediction")
    usual, whole = usual_sizes(baseline, kinds), profile(baseline, kinds, capacity=CAPACITY)
    sizes: dict[str, dict[str, float]] = {}
    counts: dict[str, int] = dict.fromkeys(kinds, 0)
    watched = sorted(frame.filter(pl.col("month") >= "2020-01")["month"].unique())
    for month in watched:
        part = profile(frame.filter(pl.col("month") == month), kinds, capacity=CAPACITY)
        signals, _ = drift_signals(month, part, whole, usual, contract)
        for ruled in rule(signals, settings):
            sizes.setdefault(ruled.signal.name, {})[month] = ruled.signal.value
            counts[ruled.signal.name] += ruled.breached
    print(f"Inputs against 2019: PSI beyond chance, and in how many of {len(watched)} months it counts\n")
    print("| column | usual in 2019, at most | " + " | ".join(_SHOWN) + " | months |")
    print("|---|--:|" + "--:|" * (len(_SHOWN) + 1))
    for name, by_month in sizes.items():
        cells = " | ".join(f"{by_month[month]:.2f}" for month in _SHOWN)
        print(f"| {name} | {max(usual[name]):.2f} | {cells} | {counts[name]} |")
    print()
