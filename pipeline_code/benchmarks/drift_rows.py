"""Rows for `drift.py`: twenty features of the kinds that tables have, as Parquet.

The processes of the other libraries import this for the names alone, and have no Polars.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

#: Rows that are made at a time.
PART = 1_000_000
NUMBERS = (
    "normal", "lognormal", "uniform", "heavy_tail", "near_a_billion", "single_precision", "price", "zero_inflated",
    "five_values", "poisson", "wide_integers", "age_missing", "ratio", "moment",
)  # fmt: skip
CATEGORIES = ("yes_no", "three", "ten", "town", "two_hundred", "two_thousand")
FEATURES = {**dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(CATEGORIES, "category")}


def write(file: Path, rows: int, *, shift: float, seed: int) -> None:
    """Write rows; `shift` moves every feature a little."""
    import numpy as np
    import pyarrow.parquet as pq

    writer = None
    for start in range(0, rows, PART):
        table = make(min(PART, rows - start), shift, np.random.default_rng([seed, start])).to_arrow()
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    writer.close()


def make(n: int, shift: float, rng: np.random.Generator) -> pl.DataFrame:
    """Make n rows."""
    import numpy as np
    import polars as pl

    normal = rng.normal(size=(7, n))

    def categories(number: int, skew: float) -> np.ndarray:
        weights = 1 / np.arange(1, number + 1) ** (skew + shift)
        return rng.choice(number, n, p=weights / weights.sum()).astype(np.int32)

    names = {
        name: pl.Series(categories(number, skew)).cast(pl.String)
        for name, number, skew in zip(CATEGORIES[1:], (3, 10, 26, 200, 2000), (0.2, 0.5, 0.3, 0.8, 0.9), strict=True)
    }
    age = np.clip(45 + 15 * normal[4] + 5 * shift, 0, 110).round()
    return pl.DataFrame(
        {
            "normal": normal[0] + shift,
            "lognormal": np.exp(2 * normal[1] + shift),
            "uniform": rng.uniform(shift, 1 + shift, n),
            "heavy_tail": rng.standard_t(2, n) * (1 + shift),
            "near_a_billion": 1e9 + 1000 * (normal[2] + shift),
            "single_precision": (normal[3] + shift).astype(np.float32),
            "price": np.round(np.exp(13 + 0.4 * normal[5] + 0.4 * shift), 2),
            "zero_inflated": np.where(rng.uniform(size=n) < 0.7 - shift, 0.0, np.exp(normal[6])),
            "five_values": rng.choice(5, n, p=np.array([1, 2, 3, 2, 2 + shift]) / (10 + shift)),
            "poisson": rng.poisson(40 + 2 * shift, n),
            "wide_integers": rng.integers(0, 10**12, n),
            "age_missing": pl.Series(age).set(pl.Series(rng.uniform(size=n) < 0.05 + shift / 10), None),
            "ratio": rng.beta(2, 5 + shift, n),
            "moment": 1.7e9 + rng.uniform(0, 86_400 * 90, n).round(),
            "yes_no": pl.Series(rng.uniform(size=n) < 0.3 + shift / 4),
            **names,
        }
    )


def peak_mb() -> int:
    """Most memory that this process has had, in MB; unlike `getrusage`, not that of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
