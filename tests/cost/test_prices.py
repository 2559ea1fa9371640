"""The price table: every row has its source, what is unsure is marked, and an agency's own rows come first."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from govml.cost.prices import COLUMNS, PriceTable, load_prices
from govml.cost.usage import load_usage
from govml.errors import UserError

HEAD = ",".join(COLUMNS) + "\n"
ROW = "KMS,AWS::KMS::Key,key,month,{usd},ap-southeast-1,our contract,{date},,\n"


def test_every_row_says_where_its_figure_is_from_and_how_sure_it_is(prices: PriceTable) -> None:
    for price in prices:
        assert price.source.startswith("https://aws.amazon.com/"), price
        assert price.day.year >= 2026
        assert price.region in ("ap-southeast-1", "*")
        if price.basis == "free":
            assert (price.usd, price.region) == (0, "*")
        if price.basis == "derived":
            assert "times" in price.note, f"{price.item}: derived from what?"


def test_derived_prices_are_what_their_note_says(prices: PriceTable) -> None:
    derived = [price for price in prices if price.basis == "derived"]
    assert len(derived) >= 20
    for price in derived:
        factor, _, base = price.note.split()[:3]
        assert price.usd == Decimal(factor) * Decimal(base)


def test_an_agency_s_price_replaces_the_list_s(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(HEAD + ROW.format(usd="0.85", date="2026-11-01"))
    price = load_prices([path]).find("AWS::KMS::Key", "key", "ap-southeast-1")
    assert price is not None
    assert (price.usd, price.basis, price.sure) == (Decimal("0.85"), "agency", True)
    assert load_prices([path]).find("AWS::KMS::Key", "requests", "ap-southeast-1") is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("service,item\n", "lacks the columns"),
        (HEAD + ROW.format(usd="cheap", date="2026-11-01"), ":2: usd is no number"),
        (HEAD + ROW.format(usd="1", date="yesterday"), ":2: usd is no number, or date"),
        (HEAD + ROW.format(usd="-1", date="2026-11-01"), "usd must be 0 or more"),
        (HEAD + ROW.format(usd="NaN", date="2026-11-01"), "usd must be 0 or more"),
        (HEAD + "KMS,AWS::KMS::Key\n", ":2:"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        load_prices([path])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[job]\nminutes = 0\n", "is 0"),
        ("[job]\nminutes = -1\n", "no number of 0 or more"),
        ("[job]\nminutes = true\n", "no number"),
        ('[month]\n"GB logged" = "many"\n', "no number"),
        ("[job]\nhours = 1\n", "has no 'hours'"),
        ("[jobs]\nminutes = 1\n", "no table"),
        ("minutes = 1\n", "no table"),
        ("[job\n", "write it as TOML"),
    ],
)
def test_wrong_assumptions_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "usage.toml"
    path.write_text(text)
    with pytest.raises(UserError) as refusal:
        load_usage(path)
    assert message in str(refusal.value)


def test_assumptions_that_a_file_leaves_out_are_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "usage.toml"
    path.write_text("[job]\nminutes = 7.5\n")
    assert load_usage(path).job_minutes == Decimal("7.5")
    assert load_usage(path).request_kb == load_usage().request_kb
