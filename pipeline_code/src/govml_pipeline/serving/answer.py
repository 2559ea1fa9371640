"""Predictions as answers, in JSON or CSV: numbers where the model gives one per row, named values where it gives more."""

from __future__ import annotations

from typing import Any

import polars as pl


def json_answer(predictions: pl.DataFrame) -> list[Any]:
    """One entry per row: the number itself, or an object with the columns of `Model.predict`."""
    return predictions.to_series().to_list() if predictions.width == 1 else predictions.to_dicts()


def csv_answer(predictions: pl.DataFrame) -> str:
    """One line per row, without a header, in the order of the columns of `Model.predict`; floats keep every digit."""
    return predictions.write_csv(include_header=False)
