"""A synthetic sample in the shape of the real data, for work without the download. None of it is real.

Made so that a model has something to learn: levels of towns, streets and blocks, sizes by flat type, storey, lease
decay, a market that moves month by month, seasonal volume, and some rows registered late (at the end of the file, out
of order, as upstream's corrections are).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.data import months
from govml_pipeline.data.contract import load_contract
from govml_pipeline.errors import UserError
from govml_pipeline.files import replacing

FIRST_MONTH, LAST_MONTH = "2017-01", "2025-08"
FILE_NAME = "resale_sample.csv"
LATE_SHARE: Final = 0.01
#: Flat type: typical area in square metres, its spread, share of sales, flat models.
_TYPES: Final[dict[str, tuple[float, float, float, tuple[str, ...]]]] = {
    "2 ROOM": (46, 3, 0.03, ("2-room", "Improved", "Standard")),
    "3 ROOM": (68, 6, 0.24, ("New Generation", "Improved", "Model A", "Simplified")),
    "4 ROOM": (94, 6, 0.43, ("Model A", "Premium Apartment", "Simplified", "New Generation")),
    "5 ROOM": (116, 6, 0.23, ("Improved", "Premium Apartment", "Standard", "DBSS")),
    "EXECUTIVE": (144, 8, 0.07, ("Apartment", "Maisonette")),
}
_STREETS_PER_TOWN, _BLOCKS_PER_STREET = 6, 8


def write_sample(folder: Path, *, seed: int, rows: int) -> Path:
    """Write a sample into `folder` and return its path; the same seed and number of rows give the same bytes.

    Args:
        folder: made if it is not there.
        seed: seed of the generator, at least 0.
        rows: number of rows, at least 1,000 (fewer leave months without a sale).

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
    """Return the sample as strings and numbers in the eleven columns of the real data, shape (rows, 11)."""
    random = np.random.default_rng(seed)
    blocks = _blocks(random)
    block = random.choice(len(blocks["town"]), size=rows)
    types = list(_TYPES)
    kind = random.choice(len(types), size=rows, p=[_TYPES[name][2] for name in types])
    first, last = months.number(FIRST_MONTH), months.number(LAST_MONTH)
    month = _months(random, rows, last - first + 1)

    area = (
        np.array([_TYPES[name][0] for name in types])[kind]
        + random.normal(size=rows) * np.array([_TYPES[name][1] for name in types])[kind]
    )
    area = area.round()
    storeys = blocks["storeys"][block]
    storey_group = (random.random(rows) * (storeys // 3)).astype(int)
    lease_year = blocks["lease_year"][block]
    lease_months = (lease_year + 99) * 12 + blocks["lease_month"][block] - (first + month)
    model = [
        _TYPES[types[k]][3][int(u * len(_TYPES[types[k]][3]))] for k, u in zip(kind, random.random(rows), strict=True)
    ]

    lease_left = np.clip(lease_months / 12 / 99, 0.3, 1)
    log_price = (
        np.log(4600.0)
        + blocks["level"][block]
        + np.log(area)
        - 0.10 * np.log(area / 95)
        + 0.006 * (storey_group * 3 + 2)
        + 0.55 * np.log(lease_left)
        + _market(random, last - first + 1)[month]
        + random.normal(size=rows) * 0.045
    )
    price = (np.exp(log_price) / 1000).round() * 1000
    frame = pl.DataFrame(
        {
            "month": [months.text(first + int(value)) for value in month],
            "town": [blocks["town"][b] for b in block],
            "flat_type": [types[k] for k in kind],
            "block": [blocks["block"][b] for b in block],
            "street_name": [blocks["street"][b] for b in block],
            "storey_range": [f"{group * 3 + 1:02d} TO {group * 3 + 3:02d}" for group in storey_group],
            "floor_area_sqm": area.astype(int),
            "flat_model": model,
            "lease_commence_date": lease_year,
            "remaining_lease": [_lease_text(int(value)) for value in lease_months],
            "resale_price": price.astype(int),
        }
    )
    late = pl.Series(random.random(rows) < LATE_SHARE)
    in_order = frame.filter(~late).sort("month", "town", "flat_type", "street_name", "block", maintain_order=True)
    return pl.concat([in_order, frame.filter(late)])


def _blocks(random: np.random.Generator) -> dict[str, np.ndarray]:
    """Blocks with their place, age, height and level of log price; arrays of the same length."""
    towns = next(column for column in load_contract("data_sources.hdb_resale").columns if column.name == "town").values
    columns: dict[str, list[object]] = {
        name: [] for name in ("town", "street", "block", "lease_year", "lease_month", "storeys", "level")
    }
    for town in towns:
        town_level = random.normal() * 0.18
        town_age = random.integers(1975, 2008)
        for street in range(1, _STREETS_PER_TOWN + 1):
            street_level = town_level + random.normal() * 0.06
            for block in range(_BLOCKS_PER_STREET):
                columns["town"].append(town)
                columns["street"].append(f"{town} SAMPLE ST {street}")
                columns["block"].append(f"{street * 100 + block + 1}{'A' if random.random() < 0.2 else ''}")
                # At the latest 2012: a flat may be sold five years after it is taken over, and sales begin in 2017.
                columns["lease_year"].append(int(np.clip(town_age + random.integers(-8, 12), 1968, 2012)))
                columns["lease_month"].append(int(random.integers(0, 12)))
                columns["storeys"].append(int(random.choice([12, 15, 18, 24, 30])))
                columns["level"].append(street_level + random.normal() * 0.04)
    return {name: np.array(values) for name, values in columns.items()}


def _months(random: np.random.Generator, rows: int, count: int) -> np.ndarray:
    """Offset of each row's month; volumes dip around the turn of the year."""
    calendar = np.arange(count) % 12
    volume = 1 + 0.15 * np.sin((calendar - 1) / 12 * 2 * np.pi) - 0.3 * np.isin(calendar, (0, 1))
    return random.choice(count, size=rows, p=volume / volume.sum())


def _market(random: np.random.Generator, count: int) -> np.ndarray:
    """Log index of the market: flat until 2020, then rising, with a little noise from month to month."""
    month = np.arange(count)
    trend = np.where(month < 40, -0.0008 * month, -0.032 + 0.0070 * (month - 40))
    return trend + np.cumsum(random.normal(size=count) * 0.0015)


def _lease_text(lease_months: int) -> str:
    years, rest = divmod(lease_months, 12)
    if not rest:
        return f"{years:02d} years"
    return f"{years:02d} years {rest:02d} month{'s' if rest > 1 else ''}"
