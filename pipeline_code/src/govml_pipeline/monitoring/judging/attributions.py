"""Attribution drift: does the model still decide by the same features?

Share of a feature: its mean absolute contribution over the sum of all. The size of a change is what the order of the window's
shares lacks of the whole gain (1 - NDCG, see `attribution`); 0.1 is Clarify's limit. Only where contributions are exact:
sampled ones move by themselves.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.explanation.attribution import sample
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.measures.attribution import ndcg

#: Rows of a window that are explained: 300 took 0.7 s on the HDB model, and shares move by about 0.02 from sample to sample.
ROWS: Final = 300


def shares(model: Model, rows: pl.DataFrame, most: int = ROWS) -> dict[str, float] | None:
    """Share of every feature in what the model says of a sample of rows; None where contributions are not exact.

    Args:
        model: the model.
        rows: validated rows.
        most: rows that are explained at most; of more, a fixed sample is.
    """
    inputs = [name for name in model.use_case.contract.inputs.names if name in rows.columns]
    # In the order of their values: the same rows give the same sample, whatever order they came in.
    ordered = rows.select(inputs).sort(inputs, nulls_last=True, maintain_order=True)
    found = model.contributions(ordered[sample(rows.height, most).tolist()])
    if found is None:
        return None
    size = np.abs(found.values).mean(axis=0)
    total = float(size.sum())
    return {name: float(each / total) if total else 0.0 for name, each in zip(found.names, size, strict=True)}


def disorder(baseline: dict[str, float], now: dict[str, float]) -> float:
    """1 - NDCG of the order of the shares now, with the baseline's as the gain: 0 (the same order) to 1."""
    order = sorted(baseline, key=lambda name: (-now.get(name, 0.0), name))
    found = ndcg(baseline, order)
    return 0.0 if found is None else max(0.0, 1.0 - found)


def by_window(model: Model, rows: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Shares of each window of a baseline; empty where contributions are not exact."""
    found = {}
    for (window,), part in rows.sort(WINDOW, maintain_order=True).group_by([WINDOW], maintain_order=True):
        told = shares(model, part)
        if told is None:
            return {}
        found[str(window)] = told
    return found


def mean(parts: list[dict[str, float]]) -> dict[str, float]:
    """Mean share of each feature."""
    return {name: float(np.mean([part.get(name, 0.0) for part in parts])) for name in parts[0]} if parts else {}


def attribution_signal(
    window: str, now: dict[str, float], baseline: dict[str, dict[str, float]], rows: int
) -> Signal | None:
    """Compare a window's shares with the baseline's windows; None without any.

    Args:
        window: name of the window.
        now: shares of its rows.
        baseline: shares by window of the baseline.
        rows: rows that were explained.
    """
    if not baseline:
        return None
    whole = mean(list(baseline.values()))
    usual = [
        disorder(mean([other for name, other in baseline.items() if name != mine]), part)
        for mine, part in baseline.items()
        if len(baseline) > 1
    ]
    value = disorder(whole, now)
    most = max(sorted(whole), key=lambda name: abs(now.get(name, 0.0) - whole[name]))
    says = f"NDCG {1 - value:.3f}; most changed is {most}: {whole[most]:.1%} to {now.get(most, 0.0):.1%}"
    return Signal("attribution_drift", "order", window, value, unusual(value, usual), rows, says=says)
