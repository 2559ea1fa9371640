"""What every engine can do. A transformation sees narwhals' lazy frames only, so it does not know which engine it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import narwhals as nw

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError


class Engine(Protocol):
    """An engine, open until the end of its `with` block."""

    name: str

    def __enter__(self) -> Self:
        """Return the engine itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back what the engine holds: processes, ports, temporary files."""

    def find(self, location: str) -> tuple[str, ...]:
        """Files of rows at a location, sorted: a Parquet or CSV file, or a folder of either.

        Raises:
            UserError: there is none, or the two are mixed.
        """

    def scan(self, files: Sequence[str]) -> nw.LazyFrame:
        """Rows of Parquet files or of folders that `write` has made; nothing is read yet."""

    def stage(self, files: Sequence[str], contract: Contract, location: str) -> nw.LazyFrame:
        """Read CSV files once, by `engine.staging`, into Parquet at a location; return its rows."""

    def write(self, frames: Mapping[str, nw.LazyFrame]) -> None:
        """Compute frames and write each as a folder of Parquet files at its location, which must not exist yet."""


def chosen_format(files: Sequence[str], location: str) -> tuple[str, ...]:
    """The files of rows among others, sorted.

    Raises:
        UserError: there is none, or Parquet and CSV are mixed.
    """
    rows = sorted(file for file in files if file.endswith((".parquet", ".csv", ".csv.gz")))
    if not rows:
        raise UserError(f"no .parquet, .csv or .csv.gz file in {location}", hint="name a file or folder of rows")
    if len({is_csv(file) for file in rows}) > 1:
        raise UserError(f"{location} holds Parquet and CSV files", hint="keep them in folders of their own")
    return tuple(rows)


def is_csv(file: str) -> bool:
    """Tell CSV files from Parquet files by name."""
    return not file.endswith(".parquet")
