"""Where one data source comes in and ends up."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.catalogue import open_catalogue
from govml_pipeline.ingestion.table import CuratedTable
from govml_pipeline.storage import Storage, open_storage

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog


@dataclass(frozen=True)
class Lake:
    """The places of one data source.

    Args:
        raw: delivered files.
        curated: everything that ingestion makes.
        open_table: opens the curated table as it is now.
    """

    raw: Storage
    curated: Storage
    open_table: Callable[[], CuratedTable]


def open_lake(contract: Contract, *, raw: str, curated: str, catalogue: str, database: str) -> Lake:
    """Open the places of a data source.

    Args:
        contract: of the source.
        raw: URI or folder of the delivered files.
        curated: URI or folder of the source's part of the curated zone.
        catalogue: `glue`, or path of a SQLite file.
        database: database of the table.

    Raises:
        UserError: an address is wrong, or Glue has no such database.
    """
    places = open_storage(curated)

    @functools.cache
    def names() -> Catalog:
        return open_catalogue(catalogue, database)

    def table() -> CuratedTable:
        return CuratedTable(names(), database, contract, f"{places.uri}/table")

    return Lake(open_storage(raw), places, table)
