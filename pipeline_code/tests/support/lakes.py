"""A small data source, deliveries to it, a lake on disk whose operations can be made to break, and what must come out."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml_pipeline.data.contract import Contract, parse_contract
from govml_pipeline.ingestion.catalogue import open_catalogue
from govml_pipeline.ingestion.lake import Lake
from govml_pipeline.ingestion.table import CuratedTable
from govml_pipeline.storage.folder import FolderStorage

THIS_MONTH = 2025 * 12 + 11  # December 2025
CONTRACT_TEXT = """
[dataset]
name = "sales"
version = 1
title = "Sales"
publisher = "A shop"
notice = "Made for a test."
time_column = "month"
target = "price"
key = ["month", "shop"]
malformed_rows = "quarantine"
[[columns]]
name = "month"
kind = "month"
[[columns]]
name = "shop"
kind = "category"
values = ["A", "B", "C"]
[[columns]]
name = "note"
kind = "text"
required = false
[[columns]]
name = "price"
kind = "decimal"
minimum = 0
"""
SALES = parse_contract(CONTRACT_TEXT)
HEADER = "month,shop,note,price"


class KilledError(BaseException):
    """The process has died: nothing catches it but the test."""


@dataclass
class Fuse:
    """Counts operations and kills at one of them (None: never)."""

    at: int | None = None
    count: int = 0

    def burn(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise KilledError(f"operation {self.count}")


class FaultyStorage(FolderStorage):
    """A folder in which the process may die before and after each change, and before each read."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        super().__init__(folder)
        self.fuse = fuse

    def list(self, prefix: str = "") -> Iterator[Any]:
        self.fuse.burn()
        return super().list(prefix)

    def open(self, name: str, version: str | None = None) -> Any:
        self.fuse.burn()
        return super().open(name, version)

    def read(self, name: str) -> bytes:
        self.fuse.burn()
        return super().read(name)

    def write(self, name: str, content: bytes | Path) -> None:
        self.fuse.burn()
        super().write(name, content)
        self.fuse.burn()

    def delete(self, name: str) -> None:
        self.fuse.burn()
        super().delete(name)
        self.fuse.burn()


class FaultyTable(CuratedTable):
    """A table in which the process may die before, within and after a commit."""

    fuse: Fuse

    @contextmanager
    def change(self, delivery: str) -> Iterator[Any]:
        self.fuse.burn()
        with super().change(delivery) as change:
            yield change
            self.fuse.burn()
        self.fuse.burn()


def make_lake(base: Path, contract: Contract = SALES, fuse: Fuse | None = None) -> Lake:
    fuse = fuse or Fuse()
    curated = FaultyStorage(base / "curated", fuse)

    catalogue = functools.cache(lambda: open_catalogue(str(base / "catalogue.db"), "lake"))

    def table() -> CuratedTable:
        opened = FaultyTable(catalogue(), "lake", contract, f"{curated.uri}/table")
        opened.fuse = fuse
        return opened

    return Lake(FaultyStorage(base / "raw", fuse), curated, table)


def deliver(base: Path, name: str, lines: list[str], *, at: int, header: str = HEADER) -> Path:
    """Put a file into the raw zone, as if it had been delivered at a time (seconds)."""
    path = base / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
    os.utime(path, (at, at))
    return path


def rows_of(lake: Lake) -> list[tuple[Any, ...]]:
    """All rows of the table: month, shop, record number, note, price, delivery."""
    table = lake.open_table()
    frame = table.rows(table.months())
    return sorted(
        frame.select("month", "shop", "record_number", "note", "price", "delivery_id").rows(),
        key=lambda row: (row[0], row[1], row[2]),
    )
