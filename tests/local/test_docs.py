"""The table of docs/local-account.md says what the adapter does."""

from __future__ import annotations

import re
from pathlib import Path

from govml.local.emulator.cloudformation.native_reads import NATIVE_READS
from govml.local.emulator.cloudformation.table import API_TYPES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "local-account.md").read_text()
ROWS = re.findall(r"^\| `(AWS::[\w:]+)` \| ([\w ]+) \| (\w+) \| (.*) ?\|$", PAGE, re.MULTILINE)


def test_every_type_is_in_the_table_with_its_tier_and_who_answers() -> None:
    expected = {(name, "native", "MiniStack") for name in NATIVE_READS}
    expected |= {(name, spec.tier.value, spec.backend) for name, spec in API_TYPES.items()}
    assert {(name, tier, backend) for name, tier, backend, _ in ROWS} == expected
    assert len(ROWS) == len(expected)


def test_properties_that_are_always_dropped_are_said_to_be_lost() -> None:
    gaps = {name: text for name, _, _, text in ROWS}
    for name, spec in API_TYPES.items():
        assert not spec.dropped or "lost:" in gaps[name], name


def test_the_page_says_what_it_is_not() -> None:
    assert "deploy into a local emulator" in PAGE
    assert "no validation on AWS" in PAGE
    assert "validated on AWS" not in PAGE
