"""Patterns of a contract, rewritten so that Rust's and Java's engines agree."""

from __future__ import annotations

import polars as pl
import pytest

from govml_pipeline.engine.patterns import portable
from govml_pipeline.usecase import UseCase


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        ("^[0-9]{2} TO [0-9]{2}$", r"^[0-9]{2} TO [0-9]{2}\z"),
        (r"^1\.5\$ [.$]x$", r"^1\.5\$ [.$]x\z"),
        ("^a.b$", r"^a[^\n]b\z"),
        ("^(?:a|b)+?$", r"^(?:a|b)+?\z"),
        ("^[A-Z0-9 .'/&-]{2,60}$", r"^[A-Z0-9 .'/&-]{2,60}\z"),
    ],
)
def test_ends_and_dots_are_written_out(pattern: str, rewritten: str) -> None:
    assert portable(pattern) == rewritten


@pytest.mark.parametrize(
    "pattern", [r"^\d+$", r"\w", r"[\s]", r"(?i)a", r"(?=a)", "[a-z&&[b]]", "a++", "[[:alpha:]]", "\\"]
)
def test_what_differs_between_engines_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(ValueError, match="differ"):
        portable(pattern)


def test_the_embedded_engine_finds_the_same_after_rewriting(use_case: UseCase) -> None:
    values = pl.Series(["108", "108\n", "10 8", "108A", "", "1A\r", "٣", "99 years 1 month", "AVE 4\u2028", "04 TO 06"])
    for column in use_case.contract.columns:
        if column.pattern:
            expected = values.str.contains(column.pattern).to_list()
            assert values.str.contains(portable(column.pattern)).to_list() == expected
