"""Synthetic service requests. None of them is real.

Made so that there is something to learn and something to be careful about: seasons (storms, mosquitoes), divisions that
are slower than others and a reorganisation that changes them, rare lateness (about one request in eight), values that are
missing for a reason, requests that are closed and delivered late, and requests in some languages that wait for a
translation, which a fairness report has to find.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.files import replacing

FIRST_MONTH, LAST_MONTH = "2020-01", "2025-08"
FILE_NAME = "service_requests_sample.csv"
LATE_SHARE: Final = 0.02
REGIONS: Final = ("CENTRAL", "EAST", "NORTH", "NORTH-EAST", "WEST")
_DIVISIONS: Final = 80
#: Category: share of requests, working days allowed, log-odds of being late.
_CATEGORIES: Final[dict[str, tuple[float, int, float]]] = {
    "CLEANING": (0.24, 5, -0.3),
    "LIGHTING": (0.10, 7, -0.6),
    "NOISE": (0.13, 10, 0.5),
    "PARKING": (0.15, 5, -0.8),
    "PESTS": (0.12, 7, 0.2),
    "ROADS": (0.11, 15, 0.6),
    "TREES": (0.08, 20, 0.4),
    "WATER": (0.07, 3, 0.1),
}
#: Channel: share, log-odds of being late.
_CHANNELS: Final = {
    "APP": (0.42, -0.2),
    "COUNTER": (0.05, 0.1),
    "EMAIL": (0.18, 0.3),
    "HOTLINE": (0.22, 0.0),
    "WEB": (0.13, 0.0),
}
_LANGUAGES: Final = {"CHINESE": (0.15, 0.35), "ENGLISH": (0.72, 0.0), "MALAY": (0.08, 0.25), "TAMIL": (0.05, 0.45)}
#: From this month on the divisions of one region work in a new system, and are slower.
_REORGANISED: Final = ("NORTH-EAST", months.number("2024-03"), 0.7)
_LEVEL: Final = -3.1


def write_sample(folder: Path, *, seed: int, rows: int) -> Path:
    """Write a sample into `folder` and return its path; the same seed and number of rows give the same bytes.

    Args:
        folder: made if it is not there.
        seed: seed of the generator, at least 0.
        rows: number of rows, at least 1,000.

    Raises:
        UserError: too few rows, or a negative seed.
    """
    if rows < 1000 or seed < 0:
        raise UserError(f"{rows} rows with seed {seed}", hint="ask for at least 1000 rows, with a seed of at least 0")
    path = folder / FILE_NAME
    with replacing(path) as temporary:
        make_sample(seed=seed, rows=rows).write_csv(temporary)
    return path


def make_sample(*, seed: int, rows: int) -> pl.DataFrame:
    """Return the sample in the columns of the contract, shape (rows, 14), late deliveries at its end."""
    random = np.random.default_rng(seed)
    first, span = months.number(FIRST_MONTH), months.number(LAST_MONTH) - months.number(FIRST_MONTH) + 1
    month = first + np.sort(random.choice(span, size=rows, p=_volume(span)))
    category = _category(random, month)
    channel = _choice(random, _CHANNELS, rows)
    language = _choice(random, _LANGUAGES, rows)
    division = random.integers(0, _DIVISIONS, rows)
    region = np.array(REGIONS)[division * len(REGIONS) // _DIVISIONS]
    priority = random.choice([1, 2, 3], size=rows, p=[0.15, 0.55, 0.3])
    repeated = random.random(rows) < 0.12
    words = np.maximum(1, random.lognormal(3.4, 0.8, rows)).astype(int).clip(1, 5000)
    busy = random.gamma(6, 2, rows) + 5 * _season(month, 11) + random.normal(0, 4, _DIVISIONS).clip(-5, 12)[division]
    busy = np.round(busy.clip(0, 200), 1)
    odds = (
        _LEVEL
        + np.array([_CATEGORIES[name][2] for name in category])
        + np.array([_CHANNELS[name][1] for name in channel])
        + np.array([_LANGUAGES[name][1] for name in language])
        + random.normal(0, 0.8, _DIVISIONS)[division]
        + np.where((region == _REORGANISED[0]) & (month >= _REORGANISED[1]), _REORGANISED[2], 0)
        + 0.09 * (busy - 12)
        + 0.5 * (priority == 3)
        + 0.4 * repeated
        + 0.25 * np.log(words / 30)
    )
    late = random.random(rows) < 1 / (1 + np.exp(-odds))
    unwritten = random.random(rows) < np.where(channel == "HOTLINE", 0.75, 0.02)
    down = random.random(rows) < np.where(month % 12 == 5, 0.15, 0.02)
    frame = pl.DataFrame(
        {
            "month": [months.text(int(number)) for number in month],
            "request": [f"SR-{number:08d}" for number in range(rows)],
            "channel": channel,
            "category": category,
            "region": region,
            "division": [f"D{number:03d}" for number in division],
            "language": language,
            "priority": priority,
            "service_level_days": [_CATEGORIES[name][1] for name in category],
            "words": pl.Series([None if gone else int(value) for value, gone in zip(words, unwritten, strict=True)]),
            "attachments": random.poisson(np.where(channel == "APP", 1.2, 0.2)).clip(0, 20),
            "open_requests": pl.Series([None if gone else value for value, gone in zip(busy, down, strict=True)]),
            "repeated": np.where(repeated, "YES", "NO"),
            "late": np.where(late, "YES", "NO"),
        }
    )
    # What was closed late is delivered late: at the end of the file, out of order.
    behind = pl.Series(late & (random.random(rows) < LATE_SHARE / late.mean()))
    return pl.concat([frame.filter(~behind), frame.filter(behind)])


def _volume(span: int) -> NDArray[np.float64]:
    """Share of the requests by month: growing, with a peak around the turn of the year."""
    month = np.arange(span)
    share = (1 + 0.006 * month) * (1 + 0.2 * np.cos(2 * np.pi * month / 12))
    return share / share.sum()


def _season(month: NDArray[np.int64], peak: int) -> NDArray[np.float64]:
    """From 0 to 1 over the year, 1 in the month `peak` (0 is January)."""
    return (1 + np.cos(2 * np.pi * (month % 12 - peak) / 12)) / 2


def _category(random: np.random.Generator, month: NDArray[np.int64]) -> NDArray[np.str_]:
    """Categories by season: storms bring trees and water, the warm months mosquitoes."""
    share = np.tile([part for part, _, _ in _CATEGORIES.values()], (len(month), 1))
    for name, peak in (("TREES", 11), ("WATER", 11), ("PESTS", 6)):
        share[:, list(_CATEGORIES).index(name)] *= 0.5 + 1.5 * _season(month, peak)
    edges = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    position = (random.random(len(month))[:, None] > edges[:, :-1]).sum(axis=1)
    return np.array(list(_CATEGORIES))[position]


def _choice(random: np.random.Generator, shares: dict[str, tuple[float, float]], rows: int) -> NDArray[np.str_]:
    return random.choice(list(shares), size=rows, p=[share for share, _ in shares.values()])
