"""One delivered file: what is refused and how, and that nothing is lost or invented in reading."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from csvs import HEADER, line, text
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.data.contract import parse_contract
from govml_pipeline.data.csv_file import LINE, read_csv_file
from govml_pipeline.data.csv_text import CsvText
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import UseCase

TWO_COLUMNS = parse_contract(
    """
    [dataset]
    name = "d"
    version = 1
    title = "t"
    publisher = "p"
    notice = "n"
    time_column = "month"
    target = "value"
    [[columns]]
    name = "month"
    kind = "month"
    [[columns]]
    name = "value"
    kind = "decimal"
    """
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (HEADER.encode() + b"\n", "zero rows"),
        (text(header=HEADER.replace("town,", "city,")).encode(), "missing column 'town'"),
        (text(header=HEADER.replace("resale_price", "resale_prices")).encode(), "is 'resale_prices' meant to be"),
        (text(header=HEADER.replace("town", "month")).encode(), "column 'month' is named twice"),
        (text().replace(",", ";").encode(), "separated by ';'"),
        (b"PK\x03\x04\x00\x00\x08\x00", "it is a ZIP archive or an Excel workbook"),
        (b"month\x00", "binary data"),
        (text().encode("utf-16"), "it is UTF-16 text"),
        (text(line()).replace("\n", "\r").encode(), "end in a carriage return alone"),
        ("month,town\n2017-01,Zürich\n".encode("latin-1"), "line 2: not UTF-8"),
        (gzip.compress(text().encode())[:-20], "damaged or cut off"),
        (text('"unclosed' + line()).encode(), "quoted field is not closed"),
    ],
)
def test_refuses_a_bad_file_and_says_why(tmp_path: Path, use_case: UseCase, content: bytes, message: str) -> None:
    path = tmp_path / "delivery.csv"
    path.write_bytes(content)
    with pytest.raises(UserError) as refusal:
        read_csv_file(path, use_case.contract)
    assert "delivery.csv" in str(refusal.value)
    assert message in str(refusal.value)
    assert refusal.value.hint


def test_names_in_capitals_are_told_from_missing_ones(tmp_path: Path, use_case: UseCase) -> None:
    (tmp_path / "a.csv").write_text(text(line()).replace(HEADER, HEADER.upper()))
    with pytest.raises(UserError) as refusal:
        read_csv_file(tmp_path / "a.csv", use_case.contract)
    assert str(refusal.value.hint).startswith("capital letters count: write month, town")


def test_a_header_of_very_many_columns_is_looked_through_once(tmp_path: Path, use_case: UseCase) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "".join(f",{name}" for name in range(100_000)) + ",7\n")
    with pytest.raises(UserError, match="column '7' is named twice"):
        read_csv_file(tmp_path / "a.csv", use_case.contract)


def test_refuses_a_decompression_bomb(tmp_path: Path, use_case: UseCase) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 1_000_000))
    with pytest.raises(UserError, match="more than 1,000 bytes"):
        read_csv_file(path, use_case.contract, max_bytes=1000)


@pytest.mark.parametrize(
    "encode", [str.encode, lambda s: gzip.compress(s.encode()), lambda s: b"\xef\xbb\xbf" + s.encode()]
)
def test_plain_gzip_and_byte_order_mark_read_alike(tmp_path: Path, use_case: UseCase, encode) -> None:
    path = tmp_path / "delivery.csv"
    path.write_bytes(encode(text(line(), line(block="109"))))
    read = read_csv_file(path, use_case.contract)
    assert read.rows["block"].to_list() == ["108", "109"]
    assert read.rows[LINE].to_list() == [2, 3]


def test_windows_line_ends_blank_lines_and_extra_columns(tmp_path: Path, use_case: UseCase) -> None:
    path = tmp_path / "delivery.csv"
    path.write_text(f"{HEADER},note\r\n{line()},x\r\n\r\n{line(block='9B')},y\r\n", newline="")
    read = read_csv_file(path, use_case.contract)
    assert read.rows["block"].to_list() == ["108", "9B"]
    assert read.rows["resale_price"].to_list() == ["250000", "250000"]
    assert read.rows[LINE].to_list() == [2, 4]
    assert read.extra_columns == ("note",)


@pytest.mark.parametrize("quote", ["", '"'])
def test_wrong_field_counts_and_a_cut_off_end_are_handed_on(tmp_path: Path, use_case: UseCase, quote: str) -> None:
    good = line(street_name=f"{quote}ANG MO KIO AVE 4{quote}")
    path = tmp_path / "delivery.csv"
    path.write_text(f"{HEADER}\n{good}\n{good},surplus\n{good}\n2017-02,BEDOK,3 RO")
    read = read_csv_file(path, use_case.contract)
    assert read.rows[LINE].to_list() == [2, 4]
    assert read.malformed.select(LINE, "reason").rows() == [
        (3, "12 fields instead of 11"),
        (5, "the file ends in the middle of this line (3 of 11 fields)"),
    ]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_full_last_line_without_line_break_is_not_trusted(tmp_path: Path, use_case: UseCase, quote: str) -> None:
    """250000 may be what is left of 2500000."""
    path = tmp_path / "delivery.csv"
    path.write_text(text(*[line(town=f"{quote}BEDOK{quote}")] * 2).rstrip("\n"))
    read = read_csv_file(path, use_case.contract)
    assert read.rows.height == 1
    assert "ends in the middle" in read.malformed["reason"][0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            *[st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\x1c\x1d\x1e\x1f"), max_size=8)] * 2
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_quoted_text_is_read_as_the_standard_library_reads_it(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([("month", "value"), *values])
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    _, *expected = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    wanted = [tuple(value.strip() or None for value in row) for row in expected]
    read = read_csv_file(path, TWO_COLUMNS)
    assert read.rows.select("month", "value").rows() == wanted
    assert read.malformed.is_empty()


def test_a_large_part_of_a_gzip_file_may_be_followed_by_another() -> None:
    """Larger than a block once unpacked; the pieces never ended where one such part followed another."""
    part = b"2025-01,A\n" * 400_000
    pieces = CsvText(io.BytesIO(gzip.compress(part) * 2), "a.csv.gz", max_bytes=10**8).pieces()
    assert sum(len(piece.text) for piece in pieces) == 2 * len(part)
