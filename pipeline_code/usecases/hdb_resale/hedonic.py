"""What a flat is worth by its characteristics alone, wherever its block stands to the market: the terms of the regression."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.features.categories import Categories
from govml_pipeline.features.hedonic import Term
from usecases.hdb_resale.derive import LEASE_YEARS, STOREY

#: Months after which a sale counts half, and the ridge penalty in sales. Of 12, 24 and 48 months, 12 explained the
#: following month best on the sales of 2012 to 2024 (docs/case-study.md).
HALF_LIFE: Final = 12.0
PENALTY: Final = 5.0
#: Columns whose values have coefficients of their own.
GROUPS: Final = ("town", "flat_model", "town_type_key")


def terms(rows: pl.DataFrame, categories: dict[str, Categories]) -> list[Term]:
    """Return the terms of derived rows: town and type, model, storey, lease, area; the last three by town, too.

    Args:
        rows: output of `derive`.
        categories: codes of the columns `GROUPS`.
    """
    # Centred and scaled to about one, so that the ridge penalty weighs on all alike.
    storey = (rows[STOREY].to_numpy() - 8.0) / 10.0
    lease = (rows[LEASE_YEARS].to_numpy() - 70.0) / 20.0
    area = np.log(rows["floor_area_sqm"].to_numpy()) - 4.5
    one = np.ones(rows.height)
    codes = {name: categories[name].encode(rows[name]) for name in GROUPS}
    plain = (one, storey, storey**2, lease, lease**2, lease**3, area, area**2, storey * lease)

    def by(name: str, values: np.ndarray) -> Term:
        return Term(values, codes[name], len(categories[name].values))

    return [
        *(Term(values) for values in plain),
        by("town_type_key", one),
        by("flat_model", one),
        *(by("town", values) for values in (storey, lease, area)),
    ]
