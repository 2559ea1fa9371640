"""Features of flats row by row are, to the last bit, those of the data frames; the generic ones: test_tabular.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from csvs import ROW
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.data.split import Split
from govml_pipeline.features.matrix import Features, RowTransformation, by_row
from govml_pipeline.model.artefact import Model
from govml_pipeline.usecase import load_use_case
from usecases.hdb_resale.features import HdbTransformation

CONTRACT = load_use_case("hdb_resale").contract.inputs
COLUMNS = {column.name: column for column in CONTRACT.columns}
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "month": st.from_regex(r"(199[0-9]|20[01][0-9]|202[0-5])-(0[1-9]|1[0-2])", fullmatch=True),
        "town": st.sampled_from(COLUMNS["town"].values),
        "flat_type": st.sampled_from(COLUMNS["flat_type"].values),
        "block": st.sampled_from(["1", "108", "9999Z"]),
        "street_name": st.sampled_from(["ANG MO KIO AVE 4", "NO SUCH ST"]),
        "storey_range": st.from_regex(r"[0-9]{2} TO [0-9]{2}", fullmatch=True),
        "floor_area_sqm": st.decimals(20, 500, places=2).map(str),
        "flat_model": st.sampled_from([*COLUMNS["flat_model"].values, "BRAND NEW"]),
        "lease_commence_date": st.integers(1950, 2100).map(str),
        "remaining_lease": st.from_regex(r"[0-9]{1,2}( years?( [0-9]{1,2} months?)?)?|", fullmatch=True),
    },
)


def same(transformation: HdbTransformation, rows: pl.DataFrame) -> None:
    assert isinstance(transformation, RowTransformation)
    expected, found = transformation.transform(rows), transformation.transform_rows(rows.to_dicts())
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    np.testing.assert_array_equal(found.baseline, expected.baseline)
    assert (found.matrix.dtype, found.baseline.dtype) == (expected.matrix.dtype, expected.baseline.dtype)


def test_every_row_of_the_sample(transformation: HdbTransformation, split: Split) -> None:
    same(transformation, split.test)
    same(transformation, split.train.head(500))  # the first months, before which little is known


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(REQUESTS, min_size=1, max_size=8))
def test_whatever_the_request(transformation: HdbTransformation, changes: list[dict[str, Any]]) -> None:
    texts = [{name: ROW[name] for name in CONTRACT.names} | change for change in changes]
    raw = pl.DataFrame(texts).with_columns(pl.all().replace("", None))
    raw = raw.with_columns(pl.lit("request").alias(FILE), pl.int_range(pl.len(), dtype=pl.UInt32).alias(LINE))
    good, refused = check_rows(raw, CONTRACT)
    assert refused.is_empty()
    same(transformation, good)


class Other(HdbTransformation):
    def transform(self, rows: pl.DataFrame) -> Features:
        found = super().transform(rows)
        return Features(found.matrix, found.baseline + 1)


def test_a_derived_class_with_a_transform_of_its_own_alone_is_not_taken_row_by_row(
    transformation: HdbTransformation, model: Model, split: Split
) -> None:
    assert by_row(transformation) is transformation
    other = Other(transformation.categories, transformation.index, transformation.regression, transformation.tables)
    assert by_row(other) is None
    row = split.test.head(1)
    np.testing.assert_array_equal(
        replace(model, transformation=other).features(row).baseline, other.transform(row).baseline
    )
