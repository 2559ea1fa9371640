"""Synthetic rows for any contract: nothing in them is real, but the target follows from the inputs, so that a model learns.

A start for a new use case, from which a generator that looks like the real data is made. Each kind gets what it is about:
seasonal volume for all, rare far-out rows for anomalies, groups for clustering, a level and a trend per series.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import Kind

_MISSING_SHARE: Final = 0.04
_STRANGE_SHARE: Final = 0.03
_NAMES: Final = 40
_CLUSTERS: Final = np.array([0.15, 0.5, 0.85])


def synthetic_rows(
    contract: Contract, *, kind: Kind, seed: int, rows: int, first_month: str, last_month: str
) -> pl.DataFrame:
    """Return rows that keep a contract, in the order of time; the same arguments give the same rows.

    Args:
        contract: the data contract.
        kind: kind of the use case.
        seed: seed of the generator, at least 0.
        rows: number of rows, at least 1,000 (fewer leave months without a row).
        first_month: `YYYY-MM`.
        last_month: `YYYY-MM`.

    Raises:
        UserError: too few rows, or a negative seed.
    """
    if rows < 1000 or seed < 0:
        raise UserError(f"{rows} rows with seed {seed}", hint="ask for at least 1000 rows, with a seed of at least 0")
    random = np.random.default_rng(seed)
    first, span = months.number(first_month), months.number(last_month) - months.number(first_month) + 1
    month = np.sort(_month(random, kind, rows, span))
    group = random.integers(0, len(_CLUSTERS), rows)
    strange = random.random(rows) < _STRANGE_SHARE
    others = [name for name in contract.key if name not in (contract.time_column, contract.target)]
    columns: dict[str, Any] = {}
    signal = 0.6 * np.sin(2 * np.pi * (month % 12) / 12) + 0.5 * random.normal(size=rows)
    for column in contract.columns:
        if column.name == contract.time_column:
            columns[column.name] = [months.text(first + number) for number in month]
        elif column.name != contract.target:
            series = kind == "timeseries" and others[:1] == [column.name]
            values, effect = _input(column, random, month, group, strange, kind=kind, series=series, first=first)
            missing = random.random(rows) < (0 if column.required or column.name in contract.key else _MISSING_SHARE)
            columns[column.name] = [None if gone else value for value, gone in zip(values, missing, strict=True)]
            signal += np.where(missing, 0, effect) * random.choice([-1, 1]) * random.uniform(0.5, 1.5)
    if kind == "timeseries":
        signal += month / span
    if contract.target:
        target = next(column for column in contract.columns if column.name == contract.target)
        columns[target.name] = _target(target, strange.astype(float) if kind == "anomaly" else signal)
    return pl.DataFrame({name: columns[name] for name in contract.names})


def _month(random: np.random.Generator, kind: Kind, rows: int, span: int) -> NDArray[np.int64]:
    """Number of each row's month from 0 on; a time series has as many rows in every one."""
    if kind == "timeseries":
        return np.arange(rows) % span
    share = 1 + 0.3 * np.sin(2 * np.pi * np.arange(span) / 12)
    return random.choice(span, size=rows, p=share / share.sum())


def _input(
    column: Column,
    random: np.random.Generator,
    month: NDArray[np.int64],
    group: NDArray[np.int64],
    strange: NDArray[np.bool_],
    *,
    kind: Kind,
    series: bool,
    first: int,
) -> tuple[list[Any], NDArray[np.float64]]:
    """Values of one input, and its effect on the target with mean near 0 and deviation near 1, shape (n,)."""
    rows = len(month)
    if column.kind in ("category", "text"):
        known = list(column.values) or [f"{column.name[:1].upper()}{number:03d}" for number in range(_NAMES)]
        share = 1 / (np.arange(len(known)) + 2.0)
        code = random.choice(len(known), size=rows, p=share / share.sum())
        if series:  # each series once a month, as far as the names go
            _, position = np.unique(month, return_index=True)
            code = (np.arange(rows) - position[month]) % len(known)
        return [known[number] for number in code], random.normal(size=len(known))[code]
    if column.kind == "month":
        age = random.integers(0, 24, rows)
        return [months.text(first + number - back) for number, back in zip(month, age, strict=True)], (age - 12) / 7
    low, high = _edges(column)
    place = random.beta(2, 5, rows)
    if kind == "clustering":
        place = np.clip(random.permutation(_CLUSTERS)[group] + 0.05 * random.normal(size=rows), 0, 1)
    if kind == "anomaly":
        place = np.where(strange & (random.random(rows) < 0.8), random.uniform(0.85, 1, rows), place)
    return _numbers(column, low + (high - low) * place), (place - 0.29) / 0.16


def _target(column: Column, signal: NDArray[np.float64]) -> list[Any]:
    """Values of the target that rise with a signal; of categories, the later ones are rarer."""
    if column.kind in ("category", "text"):
        known = list(column.values) or ["NO", "YES"]
        if set(np.unique(signal)) <= {0.0, 1.0}:
            return [known[-1] if value else known[0] for value in signal]
        share = 1 / (np.arange(len(known)) + 1.0) ** 1.6
        edges = np.quantile(signal, np.cumsum(share / share.sum())[:-1])
        return [known[number] for number in np.searchsorted(edges, signal)]
    low, high = _edges(column)
    place = 1 / (1 + np.exp(-signal / 2))
    return _numbers(column, low + (high - low) * (0.05 + 0.9 * place))


def _edges(column: Column) -> tuple[float, float]:
    low = float(column.minimum) if column.minimum is not None else 0.0
    return low, float(column.maximum) if column.maximum is not None else low + 100.0


def _numbers(column: Column, values: NDArray[np.float64]) -> list[Any]:
    return [round(float(value)) for value in values] if column.kind == "integer" else values.round(4).tolist()
