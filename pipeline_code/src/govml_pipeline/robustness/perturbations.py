"""Ways in which inputs go wrong, derived from the data contract alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.data.contract import Column, Contract

#: Standard deviation of the noise, in percent of the column's own.
NOISE: Final = (1, 5)
#: A value that no category has; the contract would quarantine it or warn, the model has to answer all the same.
UNSEEN: Final = "NEVER SEEN BEFORE"
#: How many times the contract's largest value, or the rows' own where it names none, an out-of-range value is.
_FAR: Final = 10
_SEED: Final = 20170101


@dataclass(frozen=True)
class Perturbation:
    """One way in which rows go wrong.

    Args:
        name: dotted name.
        what: the same for people.
        apply: rows in, rows of the same schema and length out.
    """

    name: str
    what: str
    apply: Callable[[pl.DataFrame], pl.DataFrame]


def perturbations(contract: Contract, rows: pl.DataFrame) -> Iterator[Perturbation]:
    """Everything that can go wrong with rows of a contract: noise, missing values, unseen categories, far values.

    Args:
        contract: the data contract; columns of kind text stay as they are, as their pattern gives them their meaning.
        rows: rows of it.
    """
    inputs = [column for column in contract.inputs.columns if column.name in rows.columns]
    numbers = [column for column in inputs if column.kind in ("integer", "decimal") and rows[column.name].count()]
    if numbers:
        for percent in NOISE:
            yield Perturbation(
                f"noise_{percent}",
                f"noise of {percent} % of the spread on every number",
                lambda part, share=percent / 100: _noisy(part, numbers, share),  # type: ignore[misc]
            )
    for column in inputs:
        if not column.required:
            yield Perturbation(
                f"missing.{column.name}", f"{column.name} is missing in every row", _constant(column.name, None)
            )
        if column.kind == "category":
            yield Perturbation(
                f"unseen.{column.name}", f"{column.name} is a category never seen", _constant(column.name, UNSEEN)
            )
    for column in numbers:
        yield Perturbation(
            f"out_of_range.{column.name}",
            f"{column.name} is {_FAR} times the largest value"
            + ("" if column.maximum is None else ", which the contract refuses"),
            _constant(column.name, _far(column, rows)),
        )


def _noisy(rows: pl.DataFrame, columns: list[Column], share: float) -> pl.DataFrame:
    """Add normal noise, kept within the contract's limits; whole numbers stay whole."""
    rng = np.random.default_rng(_SEED)
    changed = []
    for column in columns:
        series = rows[column.name]
        values = series.cast(pl.Float64).to_numpy()
        spread = float(np.nanstd(values))
        values = np.clip(values + rng.normal(0, share * spread, len(values)), column.minimum, column.maximum)
        noisy = pl.Series(column.name, values).fill_nan(None)
        changed.append((noisy.round() if series.dtype.is_integer() else noisy).cast(series.dtype))
    return rows.with_columns(changed)


def _constant(name: str, value: float | str | None) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda rows: rows.with_columns(pl.lit(value).cast(rows.schema[name]).alias(name))


def _far(column: Column, rows: pl.DataFrame) -> float:
    largest = column.maximum if isinstance(column.maximum, int | float) else rows[column.name].max()
    return float(largest) * _FAR  # type: ignore[arg-type]
