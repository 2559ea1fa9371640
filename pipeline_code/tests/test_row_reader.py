"""What is read row by row is, to the last bit, what the data frames' rules accept; the rest is left to them.

The rules are asked for several rows at once: one row costs them as much as a hundred.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from csvs import ROW
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract, parse_contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.data.row_reader import RowReader, Unread
from govml_pipeline.usecase import load_use_case

#: Every kind of column, with and without each rule.
ALL = parse_contract("""
dataset = { name = "all", version = 1, title = "A", publisher = "P", notice = "", time_column = "month", target = "" }
columns = [
    { name = "month", kind = "month", minimum = "2012-03" },
    { name = "closed", kind = "category", values = ["APP", "WEB"], aliases = { "SITE" = "WEB", "WEB" = "APP" } },
    { name = "open", kind = "category", unknown = "warn", required = false, pattern = "^[A-Za-z ]{1,4}$" },
    { name = "code", kind = "text", pattern = "^[0-9]{1,4}[A-Z]?$" },
    { name = "note", kind = "text", required = false },
    { name = "whole", kind = "integer", required = false, minimum = -5, maximum = 900000000000000 },
    { name = "decimal", kind = "decimal", minimum = 0.1 },
]
""")
HDB = load_use_case("hdb_resale").contract.inputs
READERS = {contract.name: RowReader(contract) for contract in (ALL, HDB)}
GOOD: dict[str, dict[str, str]] = {
    "all": {
        "month": "2020-02",
        "closed": "site",
        "open": "any",
        "code": "12B",
        "note": "x",
        "whole": "7",
        "decimal": "1",
    },
    "hdb_resale": {name: str(ROW[name]) for name in HDB.names},
}
NUMBERS = st.from_regex(r"[+-]?[0-9]{1,16}(\.[0-9]{1,16})?", fullmatch=True) | st.floats().map(str)
TEXTS = (
    st.none()
    | NUMBERS
    | st.sampled_from(
        [
            "app",
            "WEB",
            " Site\t",
            "\x1c7",
            "\x857",
            "12b",
            "2020-13",
            "2012-02",
            "9999-01",
            "1",
            "61 years",
            "900000000000001",
        ]
    )
    | st.from_regex(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])\n?", fullmatch=True)
    | st.from_regex(r"[0-9]{1,2} years?( [0-9]{1,2} months?)?", fullmatch=True)
    | st.text(max_size=6)
    | st.text(st.characters(codec="ascii"), max_size=6)
)


def accepted(rows: list[dict[str, str | None]], contract: Contract) -> list[dict[str, Any] | None]:
    """Read rows as requests of many rows are read; None: it is refused."""
    raw = pl.DataFrame(
        {name: [texts.get(name) for texts in rows] for name in contract.names},
        schema=dict.fromkeys(contract.names, pl.String),
    ).with_columns(pl.all().str.strip_chars().replace("", None))
    raw = raw.with_columns(pl.lit("request").alias(FILE), pl.int_range(len(rows), dtype=pl.UInt32).alias(LINE))
    good = {row[LINE]: row for row in check_rows(raw, contract)[0].iter_rows(named=True)}
    return [good.get(line) for line in range(len(rows))]


def read(texts: dict[str, str | None], contract: Contract, line: int) -> dict[str, Any] | None:
    try:
        return {**READERS[contract.name].read(texts), FILE: "request", LINE: line}
    except Unread:
        return None


@pytest.mark.parametrize("contract", [ALL, HDB], ids=lambda contract: contract.name)
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_reads_what_the_rules_accept_or_leaves_it_to_them(contract: Contract, data: st.DataObject) -> None:
    change = st.dictionaries(st.sampled_from(contract.names), TEXTS, max_size=2)
    rows = [{**GOOD[contract.name], **each} for each in data.draw(st.lists(change, min_size=4, max_size=8))]
    for line, (texts, expected) in enumerate(zip(rows, accepted(rows, contract), strict=True)):
        found = read(texts, contract, line)
        if found is not None:
            assert found == expected
            assert {name: type(value) for name, value in found.items()} == {
                name: type(value) for name, value in (expected or {}).items()
            }
        elif expected is not None:  # only for what libraries might see differently
            assert any(text is not None and (not text.isascii() or len(text) > 128) for text in texts.values())


@given(st.lists(NUMBERS, min_size=4, max_size=8))
@example(["0.1", "123456789012345.123456789012345"])
@settings(max_examples=80, deadline=None)
def test_numbers_have_the_same_last_bit(numbers: list[str]) -> None:
    rows = [{**GOOD["all"], "decimal": text} for text in numbers]
    assert [read(texts, ALL, line) for line, texts in enumerate(rows)] == accepted(rows, ALL)


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|b){1,9}$", r"^\\z$", r"^\x{61}$"])
def test_a_pattern_that_python_may_be_slow_with_or_reads_differently_is_left_to_the_rules(pattern: str) -> None:
    contract = parse_contract(f"""
dataset = {{ name = "p", version = 1, title = "P", publisher = "P", notice = "", time_column = "month", target = "" }}
columns = [{{ name = "month", kind = "month" }}, {{ name = "code", kind = "text", pattern = '{pattern}' }}]
""")
    with pytest.raises(Unread):
        RowReader(contract).read({"month": "2020-01", "code": "a"})
