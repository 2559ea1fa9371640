"""What it takes to run the model: time for one row, and size."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.model.artefact import Model

#: So many single rows are predicted; the slowest but one is the 99th percentile of them.
REQUESTS: Final = 100
_WARM_UP: Final = 5


def operational_metrics(model: Model, folder: Path, rows: pl.DataFrame) -> dict[str, float]:
    """Measure on this machine, which the endpoint's may differ from.

    Args:
        model: the loaded model.
        folder: its files.
        rows: validated rows, at least one; spread evenly over them, 100 are predicted one by one.

    Returns:
        `latency_p50_ms`, `latency_p99_ms` (transformation and model, without the network), `model_size_mb` (10**6 bytes
        of all files, unpacked).
    """
    chosen = rows[np.linspace(0, rows.height - 1, REQUESTS).astype(int).tolist()]
    seconds = []
    for number in range(-_WARM_UP, REQUESTS):
        row = chosen[max(number, 0)]
        started = time.perf_counter()
        model.predict(row)
        if number >= 0:
            seconds.append(time.perf_counter() - started)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "latency_p50_ms": round(float(np.percentile(seconds, 50)) * 1000, 3),
        "latency_p99_ms": round(float(np.percentile(seconds, 99)) * 1000, 3),
        "model_size_mb": round(size / 1e6, 3),
    }
