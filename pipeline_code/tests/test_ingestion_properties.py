"""The table is a function of what was delivered: neither order, repetition, broken runs nor the order of rows matter."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lakes import SALES, THIS_MONTH, Fuse, KilledError, deliver, make_lake, rows_of

from govml_pipeline.ingestion.delivery import list_deliveries
from govml_pipeline.ingestion.history import History
from govml_pipeline.ingestion.ledger import Ledger
from govml_pipeline.ingestion.run import ingest

MONTHS, SHOPS, NOTES, PRICES = ["2025-01", "2025-02", "2025-03"], ["A", "B", "C"], ["", "x", "y"], ["1", "2.5", "30"]
GOOD = st.tuples(*map(st.sampled_from, (MONTHS, SHOPS, NOTES, PRICES))).map(",".join)
BAD = st.sampled_from(
    ["2025-01,Z,,1", "2025-01,A,,-4", "2025-13,A,,1", "2025-02,B,,many", "2025-02,B", "2099-01,A,,1", ",A,,1"]
)


@dataclass(frozen=True)
class File:
    name: str
    lines: tuple[str, ...]

    @property
    def good(self) -> list[tuple[str, str, str | None, float]]:
        split = [line.split(",") for line in self.lines]
        return [
            (month, shop, note or None, float(price))
            for month, shop, note, price in (fields for fields in split if len(fields) == 4)
            if month in MONTHS and shop in SHOPS and price in PRICES
        ]


FILES = st.lists(
    st.tuples(st.booleans(), st.lists(st.one_of(GOOD, GOOD, GOOD, BAD), min_size=1, max_size=8)), min_size=1, max_size=4
).map(
    lambda each: [
        File(f"{'complete/' if complete else ''}{number}.csv", tuple(lines))
        for number, (complete, lines) in enumerate(each)
    ]
)


def reference(files: list[File]) -> tuple[dict[tuple[str, str, int], tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What the deliveries mean, written down anew: key -> values, and what was superseded (month, shop, number, values, change)."""
    table: dict[tuple[str, str, int], tuple[Any, ...]] = {}
    superseded: list[tuple[Any, ...]] = []
    for file in files:
        rows: dict[tuple[str, str, int], tuple[Any, ...]] = {}
        for month, shop in {(row[0], row[1]) for row in file.good}:
            same = sorted(
                (row[2:] for row in file.good if row[:2] == (month, shop)),
                key=lambda value: (value[0] is None, value[0] or "", value[1]),
            )
            rows |= {(month, shop, number): value for number, value in enumerate(same)}
        if file.name.startswith("complete/") and len(file.good) == len(file.lines):
            months = {key[0] for key in rows}
            for key in [key for key in table if key[0] in months and key not in rows]:
                superseded.append((*key, *table.pop(key), "removed"))
        for key, value in rows.items():
            if key in table and table[key] != value:
                superseded.append((*key, *table[key], "replaced"))
            table[key] = value
    return table, superseded


def as_table(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    return {row[:3]: row[3:5] for row in rows}


@settings(max_examples=20, deadline=None)
@given(FILES, st.data())
def test_any_order_any_repetition_any_crash_give_the_same_table(files: list[File], data: st.DataObject) -> None:
    arrival = data.draw(st.permutations(range(len(files))), label="arrival")
    kills = data.draw(st.lists(st.integers(1, 60), max_size=4), label="kills")
    shuffle = random.Random(data.draw(st.integers(0, 99), label="order of rows"))  # noqa: S311  not for secrets
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for position in arrival:
            lines = list(files[position].lines)
            shuffle.shuffle(lines)
            deliver(base, files[position].name, lines, at=1_750_000_000 + position)
            if kills:
                try:
                    ingest(make_lake(base, fuse=Fuse(kills.pop())), SALES, this_month=THIS_MONTH)
                except KilledError:
                    continue  # the next run goes on
            elif data.draw(st.booleans(), label="an event arrives"):
                ingest(make_lake(base), SALES, this_month=THIS_MONTH)
        lake = make_lake(base)
        ingest(lake, SALES, this_month=THIS_MONTH)
        state = lake.open_table().snapshot_id, rows_of(lake)
        again = ingest(lake, SALES, this_month=THIS_MONTH)
        assert (lake.open_table().snapshot_id, rows_of(lake)) == state
        assert not again.taken_in

        table, superseded = reference(files)
        assert as_table(state[1]) == table
        remembered = History(lake.curated, SALES).read()
        assert sorted(
            remembered.select("month", "shop", "record_number", "note", "price", "change").rows(), key=repr
        ) == sorted(superseded, key=repr)
        _accounts_balance(base, files)
        assert len(list(lake.curated.list("reports/"))) == 2 * len(files)


def _accounts_balance(base: Path, files: list[File]) -> None:
    lake = make_lake(base)
    entries = Ledger.load(lake.curated, lake.open_table().ledger).entries.values()
    assert {entry.name for entry in entries} == {file.name for file in files}
    for entry in entries:
        file, counts = next(file for file in files if file.name == entry.name), entry.counts
        assert (counts.read, counts.accepted) == (len(file.lines), len(file.good))
        assert counts.read == counts.accepted + counts.quarantined
        assert counts.accepted == counts.inserted + counts.updated + counts.unchanged + counts.overtaken
        assert min(vars(counts).values()) >= 0
    assert sum(entry.counts.inserted - entry.counts.removed for entry in entries) == len(rows_of(lake))


class States(Fuse):
    """Keeps what stands on disk at each operation: all that a process leaves if it dies there, nothing of its own to mend it.

    An operation that finds the disk as the one before did, a read after a read, leaves the same: it is kept once.
    """

    def __init__(self, base: Path, kept: Path) -> None:
        super().__init__()
        self.base, self.kept, self.left, self._last = base, kept, dict[int, Path](), ()

    def burn(self) -> None:
        super().burn()
        files = sorted(path for path in self.base.rglob("*") if path.is_file())
        now = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        if now != self._last:
            self._last, self.left[self.count] = now, self.kept / str(self.count)
            shutil.copytree(self.base, self.left[self.count])


def test_every_operation_of_a_run_can_be_the_last(tmp_path: Path) -> None:
    """What a process leaves that dies at its first, second, ... operation; the next run always ends in the same table."""
    base = tmp_path / "lake"
    deliver(base, "one.csv", ["2025-01,A,,1", "2025-01,B,,2", "2025-02,A,,bad"], at=1_750_000_000)
    ingest(make_lake(base), SALES, this_month=THIS_MONTH)
    deliver(base, "three.csv", ["2025-01,A,,3", "2025-03,A,,3"], at=1_750_000_003)
    ingest(make_lake(base), SALES, this_month=THIS_MONTH)
    deliver(base, "complete/two.csv", ["2025-01,A,,2", "2025-02,A,,2"], at=1_750_000_002)  # late
    states = States(base, tmp_path / "states")
    ingest(make_lake(base, fuse=states), SALES, this_month=THIS_MONTH)
    expected, kept = (
        as_table(rows_of(make_lake(base))),
        History(make_lake(base).curated, SALES).read().drop("superseded_by"),
    )
    assert expected == {
        ("2025-01", "A", 0): (None, 3.0),
        ("2025-02", "A", 0): (None, 2.0),
        ("2025-03", "A", 0): (None, 3.0),
    }
    assert states.count > 20
    assert len(states.left) > 10
    for at, left in states.left.items():
        shutil.rmtree(base)
        shutil.copytree(left, base)  # at the same place, as the table's files name each other by their paths
        ingest(make_lake(base), SALES, this_month=THIS_MONTH)
        assert as_table(rows_of(make_lake(base))) == expected, at
        history = History(make_lake(base).curated, SALES).read().drop("superseded_by")
        columns = [name for name in history.columns if name not in ("delivery_id",)]
        assert history.select(columns).equals(kept.select(columns)), at


def test_deliveries_are_listed_in_the_order_in_which_they_count(tmp_path: Path) -> None:
    for name, at in (("b.csv", 5), ("a.csv", 9), ("c.csv", 5)):
        deliver(tmp_path, name, ["2025-01,A,,1"], at=at)
    assert [each.name for each in list_deliveries(make_lake(tmp_path).raw, "sales")] == ["b.csv", "c.csv", "a.csv"]
