"""Rows against the contract: every row is accepted or quarantined with its reason, and deliveries are refused whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from csvs import HEADER, line, text
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.data.validation import check_rows, list_files, validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import UseCase


def deliver(folder: Path, content: str, name: str = "delivery.csv") -> list[Path]:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return [path]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"month": "2017-13"}, "month", "malformed: not a month (YYYY-MM)"),
        ({"month": "1989-12"}, "month", "before 1990-01"),
        ({"month": "2999-01"}, "month", "in the future"),
        ({"town": "ATLANTIS"}, "town", "not in the list of known values"),
        ({"flat_type": ""}, "flat_type", "missing value"),
        ({"block": "10 8"}, "block", "does not match"),
        ({"storey_range": "4-6"}, "storey_range", "does not match"),
        ({"floor_area_sqm": "19.9"}, "floor_area_sqm", "below 20"),
        ({"floor_area_sqm": "1e2"}, "floor_area_sqm", "malformed: not a number"),
        ({"lease_commence_date": "1978.5"}, "lease_commence_date", "malformed: not a whole number"),
        ({"remaining_lease": "sixty years"}, "remaining_lease", "does not match"),
        ({"resale_price": "a lot"}, "resale_price", "malformed: not a number"),
        ({"resale_price": "nan"}, "resale_price", "malformed: not a number"),
        ({"resale_price": "99999999"}, "resale_price", "above 10000000"),
        ({"resale_price": "-1"}, "resale_price", "below 10000"),
    ],
)
def test_names_the_rule_that_a_row_breaks(check, changes: dict[str, str], column: str, reason: str) -> None:
    accepted, refused = check(text(line(), line(**changes)))
    assert accepted.height == 1
    assert refused.select(LINE, "column").rows() == [(3, column)]
    assert reason in refused["reason"][0]


@pytest.mark.parametrize("lease", ["61 years 04 months", "61 years 01 month", "61 years", "61", ""])
def test_accepts_all_historic_forms_of_the_remaining_lease(check, lease: str) -> None:
    accepted, refused = check(text(line(remaining_lease=lease)))
    assert (accepted.height, refused.height) == (1, 0)


def test_accepts_files_of_before_2015_without_remaining_lease(check) -> None:
    header = HEADER.replace("remaining_lease,", "")
    row = line().replace("60 years 07 months,", "")
    accepted, refused = check(text(row, header=header))
    assert accepted["remaining_lease"].to_list() == [None]
    assert refused.is_empty()


def test_writes_categories_alike(check) -> None:
    accepted, _ = check(text(line(town="Ang Mo Kio", flat_type="Multi Generation", flat_model="Model A")))
    assert accepted.select("town", "flat_type", "flat_model").row(0) == ("ANG MO KIO", "MULTI-GENERATION", "MODEL A")


@pytest.mark.parametrize("bad", ["x", "", "2500OO"])
def test_text_in_a_number_refuses_the_delivery_and_names_line_and_value(
    tmp_path: Path, use_case: UseCase, bad: str
) -> None:
    files = deliver(tmp_path, text(*[line()] * 50, line(floor_area_sqm=bad or "abc")))
    with pytest.raises(UserError) as refusal:
        validate_files(files, replace(use_case.contract, malformed_rows="refuse"))
    assert f"delivery.csv, line 52: floor_area_sqm = '{bad or 'abc'}': malformed: not a number" in str(refusal.value)


def test_a_truncated_last_line_refuses_the_delivery(tmp_path: Path, use_case: UseCase) -> None:
    files = deliver(tmp_path, text(*[line()] * 50)[:-30])
    with pytest.raises(UserError, match=r"line 51.*the file ends in the middle of this line"):
        validate_files(files, replace(use_case.contract, malformed_rows="refuse"))


def test_malformed_rows_are_quarantined_when_the_contract_says_so(tmp_path: Path, use_case: UseCase) -> None:
    contract = use_case.contract
    assert contract.malformed_rows == "quarantine"
    files = deliver(tmp_path, text(*[line()] * 50, line(floor_area_sqm="abc"), "half,a,row"))
    outcome = validate_files(files, contract)
    assert outcome.rows.height == 50
    assert outcome.quarantined[LINE].to_list() == [52, 53]


def test_broken_rules_go_to_quarantine_up_to_a_share(tmp_path: Path, use_case: UseCase) -> None:
    outcome = validate_files(deliver(tmp_path, text(*[line()] * 99, line(town="ATLANTIS"))), use_case.contract)
    assert (
        outcome.report["dataset"] | {"rows_read": 100, "rows_accepted": 99, "rows_quarantined": 1}
        == outcome.report["dataset"]
    )
    assert outcome.report["quarantine"]["by_reason"] == [
        {"column": "town", "reason": "not in the list of known values", "rows": 1}
    ]
    with pytest.raises(UserError, match=r"10 of 100 rows break the data contract \(10\.0%, at most 5\.0%\)"):
        validate_files(deliver(tmp_path, text(*[line()] * 90, *[line(town="ATLANTIS")] * 10)), use_case.contract)


def test_warns_of_what_it_accepts(tmp_path: Path, use_case: UseCase) -> None:
    header = HEADER + ",note"
    files = deliver(tmp_path, text(line() + ",x", line(flat_model="LOFT 9") + ",y", line() + ",z", header=header))
    warnings = validate_files(files, use_case.contract).report["warnings"]
    assert any("unknown column 'note'" in warning for warning in warnings)
    assert any("'LOFT 9'" in warning for warning in warnings)
    assert any("1 rows repeat another row" in warning for warning in warnings)


def test_reads_several_files_of_different_forms(tmp_path: Path, use_case: UseCase) -> None:
    old = text(line(month="2012-03").replace("60 years 07 months,", ""), header=HEADER.replace("remaining_lease,", ""))
    files = deliver(tmp_path, old, "a.csv") + deliver(
        tmp_path, text(line(month="2015-01", remaining_lease="62")), "b.csv"
    )
    outcome = validate_files(files, use_case.contract)
    assert outcome.rows.select(FILE, "month").rows() == [("a.csv", "2012-03"), ("b.csv", "2015-01")]
    assert [entry["rows"] for entry in outcome.report["dataset"]["files"]] == [1, 1]


def test_the_digest_of_a_dataset_follows_its_content(tmp_path: Path, use_case: UseCase) -> None:
    def digest(content: str) -> str:
        return validate_files(deliver(tmp_path, content), use_case.contract).report["dataset"]["sha256"]

    assert digest(text()) == digest(text())
    assert digest(text()) != digest(text(line(resale_price="250001")))


def test_a_folder_without_csv_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prices.xlsx").write_bytes(b"x")
    with pytest.raises(UserError, match=r"no \.csv, \.csv\.gz or \.parquet file .* it holds prices\.xlsx"):
        list_files(tmp_path)


VALUES = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["2017-01", "BEDOK", "4 ROOM", "67", "01 TO 03", "1980"])
)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), count=st.integers(1, 12))
def test_no_row_is_lost_whatever_it_holds(use_case: UseCase, data: st.DataObject, count: int) -> None:
    columns = {name: data.draw(st.lists(VALUES, min_size=count, max_size=count)) for name in use_case.contract.names}
    raw = pl.DataFrame(columns, schema=dict.fromkeys(use_case.contract.names, pl.String)).with_columns(
        pl.lit("x").alias(FILE), pl.int_range(pl.len(), dtype=pl.UInt32).alias(LINE)
    )
    accepted, refused = check_rows(raw, use_case.contract)
    assert sorted([*accepted[LINE], *refused[LINE]]) == list(range(count))
    assert refused["reason"].null_count() == 0
