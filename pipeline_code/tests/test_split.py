from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml_pipeline.data import months
from govml_pipeline.data.split import split_by_month
from govml_pipeline.errors import UserError


def frame(offsets: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"month": [months.text(24000 + offset) for offset in offsets]})


@given(st.lists(st.integers(0, 60), min_size=1, max_size=80), st.integers(1, 15), st.integers(1, 15))
def test_windows_are_consecutive_and_every_row_is_in_one(offsets: list[int], test: int, validation: int) -> None:
    rows = frame(offsets)
    try:
        split = split_by_month(rows, "month", test_months=test, validation_months=validation)
    except UserError as refusal:
        assert "no rows for" in str(refusal)
        return
    parts = [split.train, split.validation, split.test]
    assert sum(part.height for part in parts) == rows.height
    assert split.train["month"].max() < split.validation["month"].min()
    assert split.validation["month"].max() < split.test["month"].min()
    assert months.number(split.test["month"].min()) > max(offsets) + 24000 - test


def test_says_which_window_is_empty() -> None:
    with pytest.raises(UserError, match=r"no rows for train and validation: the data covers 2000-01 to 2000-03"):
        split_by_month(frame([0, 1, 2]), "month", test_months=12, validation_months=6)


@pytest.mark.parametrize(("test", "validation"), [(0, 6), (12, 0), (-1, 1), (10**11, 1)])
def test_refuses_windows_of_no_months(test: int, validation: int) -> None:
    with pytest.raises(UserError, match="must be 1 to 12,000"):
        split_by_month(frame([0, 1, 2]), "month", test_months=test, validation_months=validation)


@pytest.mark.parametrize("text", ["2017", "2017-1", "2017-00", "2017-13", "17-01", "2017-01-01", "²⁰²⁴-01"])
def test_refuses_what_is_no_month(text: str) -> None:
    with pytest.raises(UserError, match="is not a month"):
        months.number(text)


@given(st.integers(12_000, 30_000))
def test_months_survive_the_round_trip(month: int) -> None:
    assert months.number(months.text(month)) == month
