"""What a flat is worth by its characteristics alone, wherever its block stands to the market: the terms of the regression.

Few terms on purpose. Slopes by town and a cubic in the lease explained the sales of 2024-09 to 2025-08 better by themselves
(5.5 % against 6.1 %), but not the finished model (3.22 % against 3.23 %), and sent prices of flats that no town has had yet
anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.features.categories import Categories
from govml_pipeline.features.hedonic import Term
from usecases.hdb_resale.derive import LEASE_YEARS, STOREY

#: Months after which a sale counts half, and the ridge penalty in sales. Of 12, 24 and 48 months, 12 explained the
#: following month best on the sales of 2012 to 2024 (docs/use-cases/hdb-resale.md).
HALF_LIFE: Final = 12.0
PENALTY: Final = 5.0
#: Log of the price per square metre while nothing is known: about S$4,800, the mean of March to May 2012.
FIRST_GUESS: Final = 8.47
#: Smallest and largest storey, lease in years and area in square metres that the regression tells apart; the sales since
#: 2012 lie within.
STOREYS: Final = (1.0, 51.0)
LEASES: Final = (30.0, 99.0)
AREAS: Final = (25.0, 370.0)
#: Columns whose values have coefficients of their own.
GROUPS: Final = ("flat_model", "town_type_key")


def terms(rows: pl.DataFrame, categories: dict[str, Categories]) -> list[Term]:
    """Return the terms of derived rows: storey, lease, area, town with type, and model.

    Args:
        rows: output of `derive`.
        categories: codes of the columns `GROUPS`.
    """
    # Centred and scaled to about one, so that the ridge penalty weighs on all alike; and kept to what flats are like,
    # since a square of something else leads anywhere.
    storey = (np.clip(rows[STOREY].to_numpy(), *STOREYS) - 8.0) / 10.0
    lease = (np.clip(rows[LEASE_YEARS].to_numpy(), *LEASES) - 70.0) / 20.0
    area = np.log(np.clip(rows["floor_area_sqm"].to_numpy(), *AREAS)) - 4.5
    one = np.ones(rows.height)
    plain = (one, storey, storey * storey, lease, lease * lease, area, area * area, storey * lease)
    return [
        *(Term(values) for values in plain),
        *(Term(one, categories[name].encode(rows[name]), len(categories[name].values)) for name in GROUPS),
    ]


def terms_of_row(row: Mapping[str, Any], categories: dict[str, Categories]) -> list[tuple[float, float | None, int]]:
    """Return the value, code and size of each of `terms` for one derived row, to the last bit."""
    storey = (_within(row[STOREY], STOREYS) - 8.0) / 10.0
    lease = (_within(row[LEASE_YEARS], LEASES) - 70.0) / 20.0
    area = float(np.log(_within(row["floor_area_sqm"], AREAS))) - 4.5  # not math.log: its last bit differs
    plain = (1.0, storey, storey * storey, lease, lease * lease, area, area * area, storey * lease)
    return [
        *((value, None, 1) for value in plain),
        *((1.0, categories[name].code(row[name]), len(categories[name].values)) for name in GROUPS),
    ]


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
