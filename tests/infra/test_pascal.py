"""Construct ids from names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml_constructs.pascal import pascal


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("hdb_resale", "HdbResale"),
        ("hdb-resale", "HdbResale"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "AnthropicClaude3Haiku20240307V10"),
        ("x2y_z", "X2YZ"),  # as ids that have landed: a letter after a digit begins a word
    ],
)
def test_the_words_of_a_name_run_together(name: str, part: str) -> None:
    assert pascal(name) == part


@given(st.lists(st.from_regex(r"[a-z][a-z0-9]*", fullmatch=True), min_size=1), st.sampled_from("-_.:"))
def test_what_parts_the_words_does_not_matter(words: list[str], parting: str) -> None:
    assert pascal(parting.join(words)) == "".join(word.title() for word in words)
