"""Unit tests: the code on its own. They run in CI with every change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from govml_pipeline.notebook import Prepared
from usecases.service_requests.features import CONTRACT, Features


def test_a_row_alone_has_the_features_that_it_has_among_others(prepared: Prepared) -> None:
    rows = prepared.split.test
    together = prepared.transformation.transform(rows).matrix
    assert np.isfinite(together).all()
    for position in range(0, rows.height, 7):
        np.testing.assert_array_equal(prepared.transformation.transform(rows[position]).matrix[0], together[position])


def test_features_do_not_look_at_the_target(prepared: Prepared) -> None:
    rows = prepared.split.test
    inputs = rows.select(CONTRACT.inputs.names)
    np.testing.assert_array_equal(
        prepared.transformation.transform(inputs).matrix, prepared.transformation.transform(rows).matrix
    )


def test_the_transformation_survives_the_round_trip(prepared: Prepared, tmp_path: Path) -> None:
    prepared.transformation.save(tmp_path)
    loaded = Features.load(tmp_path).transform(prepared.split.test)
    np.testing.assert_array_equal(loaded.matrix, prepared.transformation.transform(prepared.split.test).matrix)


def test_a_label_serves_two_months_after_its_own(prepared: Prepared) -> None:
    """Whatever comes of the requests of May and later, the features of July are the same: April is the last month known."""
    rows = pl.concat([prepared.split.train, prepared.split.validation])
    subject = rows.filter(pl.col("month") == "2023-07")
    for month, same in (("2023-05", True), ("2023-04", False)):
        turned = pl.when(pl.col("month") >= month).then(pl.lit("YES")).otherwise(pl.col("late")).alias("late")
        before, after = (
            Features.fit(prepared.split.train, history).transform(subject).matrix
            for history in (rows, rows.with_columns(turned))
        )
        assert np.array_equal(before, after) is same


def test_neither_number_nor_language_is_a_feature(prepared: Prepared) -> None:
    assert not [name for name in prepared.transformation.names if name.startswith(("request", "language"))]
