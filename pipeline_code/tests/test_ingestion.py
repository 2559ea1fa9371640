"""What becomes of good, bad and odd deliveries, one by one."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from lakes import CONTRACT_TEXT, HEADER, SALES, THIS_MONTH, Fuse, KilledError, deliver, make_lake, rows_of

from govml_pipeline.data.contract import Contract, parse_contract
from govml_pipeline.errors import UserError
from govml_pipeline.ingestion.ledger import Entry, Ledger, LedgerError
from govml_pipeline.ingestion.manifest import LATEST
from govml_pipeline.ingestion.merging import table_schema
from govml_pipeline.ingestion.run import Run, ingest
from govml_pipeline.ingestion.table import CuratedTable

AT = 1_750_000_000
GOOD = ["2025-01,A,,1", "2025-01,B,x,2"]


def run(base: Path, contract: Contract = SALES) -> Run:
    return ingest(make_lake(base, contract), contract, this_month=THIS_MONTH)


def entries(base: Path, contract: Contract = SALES) -> dict[str, Entry]:
    lake = make_lake(base, contract)
    return {entry.name: entry for entry in Ledger.load(lake.curated, lake.open_table().ledger).entries.values()}


def put(base: Path, name: str, content: bytes, *, at: int = AT) -> None:
    path = base / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))


TEXT = "\n".join([HEADER, *GOOD, ""])
#: 72 MB in a gzip file of ten equal members: to make it costs no more than to make one of them.
BOMB = gzip.compress(f"{HEADER}\n".encode()) + gzip.compress(b"2025-01,A,%s,1\n" % (b"x" * 9_000) * 800) * 10


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("semicolons.csv", TEXT.replace(",", ";").encode(), "separated by ';'"),
        ("tabs.csv", TEXT.replace(",", "\t").encode(), "separated by '\\t'"),
        ("latin.csv", TEXT.replace("x", "é").encode("latin-1"), "line 3: not UTF-8"),
        ("utf16.csv", TEXT.encode("utf-16"), "UTF-16"),
        ("missing.csv", TEXT.replace("price", "cost").encode(), "missing column 'price'"),
        ("renamed.csv", TEXT.replace("price", "prices").encode(), "is 'prices' meant to be 'price'"),
        ("twice.csv", TEXT.replace("note", "shop").encode(), "named twice"),
        ("empty.csv", b"", "the file is empty"),
        ("header.csv", f"{HEADER}\n".encode(), "zero rows"),
        ("excel.csv", b"PK\x03\x04" + b"\x00" * 50, "Excel"),
        ("cut.csv.gz", gzip.compress(TEXT.encode())[:-9], "cut off"),
        ("bomb.csv.gz", BOMB, "200 times its size"),
        ("line.csv", (HEADER + "\n" + "x" * 2_000_000).encode(), "no line of a table"),
        ("notes.txt", TEXT.encode(), "not a .csv"),
        ("a\\..\\b.csv", TEXT.encode(), "holds a path"),
        ("new\nline.csv", TEXT.encode(), "control characters"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_once_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    put(tmp_path, name, content)
    outcome = run(tmp_path)
    assert [entry.outcome for entry in outcome.taken_in] == ["refused"]
    assert reason in outcome.taken_in[0].reason
    assert outcome.rows == 0
    assert not run(tmp_path).taken_in  # and is not tried again
    page = next(path for path in (tmp_path / "curated" / "reports").glob("*.html"))
    assert "refused" in page.read_text()


def test_a_table_tells_its_months_as_its_own_change_left_them(tmp_path: Path) -> None:
    table = make_lake(tmp_path).open_table()
    assert table.months() == {}
    row = {"month": "2025-01", "shop": "A", "record_number": 0, "price": 1.0}
    with table.change("some") as change:
        change.replace(["2025-01"], pl.DataFrame([row], schema=table_schema(SALES)))
    assert table.months() == {"2025-01": 1}
    assert len(table.data_files()) == 1


def test_a_bad_file_does_not_hold_up_the_others(tmp_path: Path) -> None:
    put(tmp_path, "bad.csv", b"", at=AT)
    deliver(tmp_path, "good.csv", GOOD, at=AT + 1)
    outcome = run(tmp_path)
    assert [entry.outcome for entry in outcome.taken_in] == ["refused", "applied"]
    assert outcome.rows == 2


def test_bad_rows_stand_in_quarantine_whole_with_line_and_reason(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", [GOOD[0], "2025-01,Q,hello,7", "2025-02,A", "2025-02,A,,free"], at=AT)
    (entry,) = run(tmp_path).taken_in
    assert (entry.counts.read, entry.counts.accepted, entry.counts.quarantined) == (4, 1, 3)
    bad = pl.read_parquet(tmp_path / "curated" / "quarantine" / f"{entry.id}.parquet")
    assert bad.select("source_line", "column", "value", "reason").rows() == [
        (3, "shop", "Q", "not in the list of known values"),
        (4, None, "2025-02,A", "malformed: 2 fields instead of 4"),
        (5, "price", "free", "malformed: not a number"),
    ]
    assert json.loads(bad["row"][0]) == {"month": "2025-01", "shop": "Q", "note": "hello", "price": "7"}
    assert bad["row"][1] == "2025-02,A"
    report = json.loads((tmp_path / "curated" / "reports" / f"{entry.id}-v1.json").read_text())
    assert report["counts"]["quarantined"] == 3
    assert report["examples"][0]["source_line"] == 3


def test_too_many_bad_rows_refuse_the_file_and_leave_the_table_alone(tmp_path: Path) -> None:
    deliver(tmp_path, "good.csv", GOOD, at=AT)
    deliver(tmp_path, "bad.csv", [*GOOD, *["2025-01,A,,-1"] * 60], at=AT + 1)
    outcome = run(tmp_path)
    assert "60 of 62 rows break the data contract" in outcome.taken_in[1].reason
    assert "first in line 4" in outcome.taken_in[1].reason
    assert outcome.rows == 2


def test_a_contract_may_refuse_a_file_for_one_unreadable_row(tmp_path: Path) -> None:
    strict = replace(SALES, malformed_rows="refuse")
    deliver(tmp_path, "a.csv", [*GOOD, "2025-01,A,,free"], at=AT)
    assert "1 rows cannot be read" in run(tmp_path, strict).taken_in[0].reason


def test_late_and_corrected_rows_take_their_place_and_what_was_there_is_remembered(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", GOOD, at=AT)
    run(tmp_path)
    deliver(tmp_path, "b.csv", ["2025-01,B,x,2.5", "2024-12,C,,9"], at=AT + 5)
    (entry,) = run(tmp_path).taken_in
    assert (entry.counts.inserted, entry.counts.updated) == (1, 1)
    assert [row[:5] for row in rows_of(make_lake(tmp_path))] == [
        ("2024-12", "C", 0, None, 9.0),
        ("2025-01", "A", 0, None, 1.0),
        ("2025-01", "B", 0, "x", 2.5),
    ]
    (old,) = (tmp_path / "curated" / "history" / "2025-01").glob("*.parquet")
    assert pl.read_parquet(old).select("shop", "price", "change", "superseded_by").rows() == [
        ("B", 2.0, "replaced", entry.id)
    ]


def test_a_complete_file_removes_what_it_lacks_unless_it_has_bad_rows(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", [*GOOD, "2025-02,A,,1"], at=AT)
    deliver(tmp_path, "complete/b.csv", ["2025-01,A,,1", "2025-01,Z,,1"], at=AT + 1)
    outcome = run(tmp_path)
    assert outcome.rows == 3
    assert "were not taken for removed" in outcome.taken_in[1].warnings[-1]
    deliver(tmp_path, "complete/c.csv", ["2025-01,A,,1"], at=AT + 2)
    outcome = run(tmp_path)
    assert (outcome.rows, outcome.taken_in[0].counts.removed) == (2, 1)  # February is not the file's business


def test_rows_of_equal_key_are_different_records_or_errors_as_the_contract_says(tmp_path: Path) -> None:
    lines = ["2025-01,A,,2", "2025-01,A,,1"]
    deliver(tmp_path / "keep", "a.csv", lines, at=AT)
    assert run(tmp_path / "keep").rows == 2
    deliver(tmp_path / "not", "a.csv", lines, at=AT)
    contract = replace(SALES, duplicates="quarantine")
    (entry,) = run(tmp_path / "not", contract).taken_in
    assert (entry.counts.accepted, entry.counts.quarantined) == (1, 1)
    assert entry.examples[0]["reason"] == "another row of the file has the same key"
    assert rows_of(make_lake(tmp_path / "not", contract))[0][4] == 1.0


def test_byte_order_mark_windows_lines_extra_and_reordered_columns_are_read(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", b"\xef\xbb\xbfprice,extra,shop,month\r\n1,?,a,2025-01\r\n")
    (entry,) = run(tmp_path).taken_in
    assert rows_of(make_lake(tmp_path))[0][:5] == ("2025-01", "A", 0, None, 1.0)
    assert entry.warnings == ("unknown column 'extra' is not read", "note: missing in 1 rows")


def test_a_newer_contract_adds_its_column_and_takes_in_what_the_older_refused(tmp_path: Path) -> None:
    newer = parse_contract(
        CONTRACT_TEXT.replace("version = 1", "version = 2").replace('"C"]', '"C", "D"]')
        + '[[columns]]\nname = "size"\nkind = "integer"\nrequired = false\nsince = 2\n'
    )
    deliver(tmp_path, "a.csv", [GOOD[0], "2025-01,D,,5"], at=AT)
    deliver(tmp_path, "b.csv", ["2025-01,A,,3,10"], header=f"{HEADER},size", at=AT + 1)
    assert run(tmp_path).rows == 1
    outcome = run(tmp_path, newer)
    assert [entry.name for entry in outcome.taken_in] == ["a.csv"]
    table = make_lake(tmp_path, newer).open_table()
    assert table.rows(["2025-01"]).select("shop", "price", "size").rows() == [("A", 3.0, None), ("D", 5.0, None)]
    deliver(tmp_path, "c.csv", ["2025-02,A,,3,10"], header=f"{HEADER},size", at=AT + 2)
    run(tmp_path, newer)
    assert make_lake(tmp_path, newer).open_table().rows(["2025-02"])["size"].to_list() == [10]
    assert sorted(entries(tmp_path, newer)) == ["a.csv", "b.csv", "c.csv"]


def test_a_delivery_judged_anew_is_counted_against_the_table_without_it(tmp_path: Path) -> None:
    newer = parse_contract(CONTRACT_TEXT.replace("version = 1", "version = 2").replace('"C"]', '"C", "D"]'))
    stricter = parse_contract(CONTRACT_TEXT.replace("version = 1", "version = 3").replace("minimum = 0", "minimum = 2"))
    deliver(tmp_path, "a.csv", [*GOOD, "2025-01,D,,5"], at=AT)
    assert _accounts(tmp_path, SALES) == {"a.csv": (3, 1, 2, 0, 0, 0, 0)}
    assert _accounts(tmp_path, newer) == {"a.csv": (3, 0, 3, 0, 0, 0, 0)}
    deliver(tmp_path, "b.csv", ["2025-01,B,y,3", "2025-01,Q,,1"], at=AT + 1)  # waits for a newer contract
    assert _accounts(tmp_path, newer)["b.csv"] == (2, 1, 0, 1, 0, 0, 0)
    deliver(tmp_path, "c.csv", ["2025-01,B,z,4"], at=AT + 2)
    _accounts(tmp_path, newer)
    assert _accounts(tmp_path, stricter) == {
        "a.csv": (3, 0, 3, 0, 0, 0, 0),  # nothing was wrong with it, so its verdict stands
        "b.csv": (2, 1, 0, 0, 0, 1, 0),
        "c.csv": (1, 0, 0, 1, 0, 0, 0),
    }


def test_rows_that_a_stricter_contract_takes_back_leave_balanced_accounts(tmp_path: Path) -> None:
    stricter = parse_contract(CONTRACT_TEXT.replace("version = 1", "version = 2").replace("minimum = 0", "minimum = 2"))
    deliver(tmp_path, "a.csv", ["2025-01,A,,1", "2025-01,B,,1", *["2025-02,A,,3"] * 40, "2025-01,Q,,1"], at=AT)
    deliver(tmp_path, "b.csv", ["2025-01,A,,7"], at=AT + 1)
    assert _accounts(tmp_path, SALES) == {"a.csv": (43, 1, 42, 0, 0, 0, 0), "b.csv": (1, 0, 0, 1, 0, 0, 0)}
    # A of January stays, for b.csv brought it too: it was counted as an update there, so the sum is carried here.
    lenient = replace(stricter, max_quarantine_share=0.5)
    assert _accounts(tmp_path, lenient) == {"a.csv": (43, 3, 40, 0, 0, 0, 1), "b.csv": (1, 0, 0, 1, 0, 0, 0)}


def test_a_file_that_a_stricter_contract_refuses_whole_gives_back_its_rows(tmp_path: Path) -> None:
    stricter = replace(SALES, version=2, malformed_rows="refuse")
    deliver(tmp_path, "a.csv", [*GOOD, "2025-01,A"], at=AT)
    deliver(tmp_path, "b.csv", ["2025-01,A,,1"], at=AT + 1)
    assert _accounts(tmp_path, SALES) == {"a.csv": (3, 1, 2, 0, 0, 0, 0), "b.csv": (1, 0, 0, 0, 1, 0, 0)}
    assert _accounts(tmp_path, stricter)["a.csv"][2:] == (0, 0, 0, 0, 1)  # b.csv's row, which was no news then
    assert entries(tmp_path, stricter)["a.csv"].outcome == "refused"


def _accounts(base: Path, contract: Contract) -> dict[str, tuple[int, ...]]:
    """Take in, check that the accounts balance, and return read, quarantined, inserted, updated, unchanged, overtaken, carried."""
    outcome = run(base, contract)
    assert not outcome.failed
    found = {name: entry.counts for name, entry in entries(base, contract).items()}
    for counts in found.values():
        assert counts.accepted == counts.inserted + counts.updated + counts.unchanged + counts.overtaken
        assert min(value for name, value in vars(counts).items() if name != "carried") >= 0
    assert sum(counts.balance for counts in found.values()) == outcome.rows
    return {
        name: (each.read, each.quarantined, each.inserted, each.updated, each.unchanged, each.overtaken, each.carried)
        for name, each in found.items()
    }


def test_two_runs_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    for number in range(6):
        deliver(
            tmp_path, f"{number}.csv", [f"2025-0{number % 3 + 1},A,,{number}", f"2025-01,B,,{number}"], at=AT + number
        )
    run_one = [threading.Thread(target=run, args=(tmp_path,)) for _ in range(2)]
    for thread in run_one:
        thread.start()
    for thread in run_one:
        thread.join()
    run(tmp_path)
    assert {row[:2]: row[4] for row in rows_of(make_lake(tmp_path))} == {
        ("2025-01", "A"): 3.0,
        ("2025-02", "A"): 4.0,
        ("2025-03", "A"): 5.0,
        ("2025-01", "B"): 5.0,
    }
    assert len(entries(tmp_path)) == 6


@pytest.mark.parametrize("mine", [GOOD, ["2025-01,Z,,1"]])  # the second changes no row
def test_a_run_that_loses_the_race_builds_on_what_the_other_has_made(tmp_path: Path, mine: list[str]) -> None:
    deliver(tmp_path, "theirs.csv", ["2025-01,A,,7"], at=AT + 1)
    lake = make_lake(tmp_path)
    tables = []

    def open_table() -> CuratedTable:
        table = make_lake(tmp_path).open_table()
        tables.append(table)
        if len(tables) == 2:  # the state from which mine.csv is merged is now two commits old
            deliver(tmp_path, "refused.csv", [], at=AT + 2)
            run(tmp_path)
        return table

    deliver(tmp_path, "z-mine.csv", mine, at=AT)
    outcome = ingest(replace(lake, open_table=open_table), SALES, this_month=THIS_MONTH)
    assert not outcome.failed
    assert {name: entry.outcome for name, entry in entries(tmp_path).items()} == {
        "theirs.csv": "applied",
        "z-mine.csv": "applied",
        "refused.csv": "refused",
    }
    expected = {("2025-01", "A", 0): 7.0} | ({("2025-01", "B", 0): 2.0} if mine == GOOD else {})
    assert {row[:3]: row[4] for row in rows_of(make_lake(tmp_path))} == expected
    assert len(tables) > 3


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        ("[dataset", "end of a table declaration"),
        ("[dataset]", "'columns'"),
        (
            CONTRACT_TEXT.replace('kind = "text"', 'kind = "text"\npattern = "^\\\\d$"'),
            "column 'note': pattern .* write \\[0-9\\]",
        ),
        (CONTRACT_TEXT.replace('kind = "text"', 'kind = "text"\npattern = "(?i)x"'), "column 'note': pattern"),
        (None, "no such file"),
    ],
)
def test_a_contract_that_cannot_be_used_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contract: str | None, reason: str
) -> None:
    import data_sources
    from govml_pipeline.steps.ingest import source_contract

    folder = tmp_path / "odd_shop"
    folder.mkdir()
    (folder / "__init__.py").touch()
    if contract is not None:
        (folder / "contract.toml").write_text(contract)
    monkeypatch.setattr(data_sources, "__path__", [*data_sources.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "data_sources.odd_shop", raising=False)
    with pytest.raises(UserError, match=f"data_sources/odd_shop/contract.toml: .*{reason}"):
        source_contract("odd_shop")


def test_a_table_without_its_ledger_is_not_touched(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", GOOD, at=AT)
    run(tmp_path)
    (ledger,) = (tmp_path / "curated" / "ledger").iterdir()
    ledger.write_text("{}")
    with pytest.raises(LedgerError, match="not the content that was written"):
        run(tmp_path)
    ledger.unlink()
    with pytest.raises(LedgerError, match="is not there"):
        run(tmp_path)


def test_the_manifest_lists_exactly_the_rows_of_the_table(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", GOOD, at=AT)
    deliver(tmp_path, "b.csv", ["2025-01,B,x,2.5", "2025-02,A,,1"], at=AT + 1)
    outcome = run(tmp_path)
    latest = (tmp_path / "curated" / LATEST).read_bytes()
    assert latest == (tmp_path / "curated" / str(outcome.manifest)).read_bytes()
    head, *names = json.loads(latest)
    folder = tmp_path / "curated"
    loads = json.loads((folder / "manifests" / "latest.redshift").read_bytes())["entries"]
    assert [(each["url"], each["meta"]["content_length"]) for each in loads] == [
        (f"{head['prefix']}{name}", (folder / name).stat().st_size) for name in names
    ]
    assert head == {"prefix": f"{folder.resolve().as_uri()}/"}
    rows = pl.concat([pl.read_parquet(folder / name, hive_partitioning=False) for name in names])
    assert sorted(rows.select("month", "shop", "price").rows()) == [
        ("2025-01", "A", 1.0),
        ("2025-01", "B", 2.5),
        ("2025-02", "A", 1.0),
    ]


def test_a_run_that_dies_after_its_commit_leaves_report_and_manifest_to_the_next(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", GOOD, at=AT)
    fuse = Fuse()

    def kill_after_the_first_file(text: str) -> None:
        if "rows" in text:
            fuse.at = fuse.count + 1

    with contextlib.suppress(KilledError):
        ingest(make_lake(tmp_path, fuse=fuse), SALES, this_month=THIS_MONTH, progress=kill_after_the_first_file)
    assert len(entries(tmp_path)) == 1
    assert not (tmp_path / "curated" / LATEST).exists()
    run(tmp_path)
    assert (tmp_path / "curated" / LATEST).exists()
    assert len(list((tmp_path / "curated" / "reports").iterdir())) == 2


def test_a_file_that_cannot_be_read_now_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(tmp_path, "a.csv", GOOD, at=AT)
    lake = make_lake(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError("no connection")

    monkeypatch.setattr(lake.raw, "open", refuse)
    outcome = ingest(lake, SALES, this_month=THIS_MONTH)
    assert [(delivery.name, reason) for delivery, reason in outcome.failed] == [("a.csv", "no connection")]
    assert run(tmp_path).rows == 2


def test_the_page_shows_what_the_file_says_as_text(tmp_path: Path) -> None:
    deliver(tmp_path, "<b>.csv", [GOOD[0], "2025-01,<script>alert(1)</script>,,1"], at=AT)
    run(tmp_path)
    (page,) = (tmp_path / "curated" / "reports").glob("*.html")
    assert "<script>" not in page.read_text()
    assert "&lt;script&gt;" in page.read_text()


def test_a_laptop_s_command_line_makes_a_lake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from govml_pipeline.data.__main__ import main

    raw, lake = str(tmp_path / "raw"), str(tmp_path / "lake")
    assert main(["ingest", "--source", "hdb_resale", "--raw", raw, "--lake", lake]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert main(["sample", "--source", "hdb_resale", "--output", raw, "--rows", "1000"]) == 0
    assert main(["ingest", "--source", "none", "--raw", raw, "--lake", lake]) == 2
    assert "no data source 'none'" in capsys.readouterr().err
    assert main(["ingest", "--source", "hdb_resale", "--raw", raw, "--lake", lake]) == 0
    said = capsys.readouterr().out
    assert "resale_sample.csv: 1,000 rows: 1,000 new; 0 in quarantine" in said
    assert "table lake.hdb_resale: 1,000 rows" in said
    assert main(["ingest", "--source", "hdb_resale", "--raw", raw, "--lake", lake]) == 0
    assert capsys.readouterr().out.startswith("0 new of 1 deliveries")
