"""Known answers: which rows are chosen, and that the served model gives the same answers to them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from govml_pipeline.acceptance.known_answers import ROWS, known_answers
from govml_pipeline.data.split import Split
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.payload import parse


def chosen(model: Model, rows: pl.DataFrame) -> dict[str, Any]:
    said = model.predict(rows)
    return known_answers(model.use_case, task_of(model.use_case), rows, said, model_version=model.version)


def instances(known: dict[str, Any]) -> list[str]:
    return sorted(json.dumps(row["instance"], sort_keys=True) for row in known["rows"])


def test_the_choice_depends_on_the_rows_not_on_their_order(model: Model, split: Split) -> None:
    rows = split.test.head(600)
    first = instances(chosen(model, rows))
    assert len(first) == ROWS
    assert instances(chosen(model, rows.reverse())) == first


def test_windows_that_overlap_choose_the_same_of_the_rows_that_they_share(model: Model, split: Split) -> None:
    earlier, later = (instances(chosen(model, split.test[start : start + 500])) for start in (0, 100))
    # 400 of 600 rows are in both windows; a random choice of 300 from each would share 180 on average.
    assert len(set(earlier) & set(later)) > 220


def test_an_endpoint_takes_the_instances_and_answers_as_tested(model: Model, split: Split) -> None:
    known = chosen(model, split.test)
    body = json.dumps({"instances": [row["instance"] for row in known["rows"]]}).encode()
    parsed = parse(body, "application/json", model.use_case.contract)
    answers = model.predict(parsed)["prediction"].to_list()
    assert answers == pytest.approx([row["answer"] for row in known["rows"]], rel=1e-6)
