"""The engine of a laptop and of a processing job: Polars in this process, batch by batch where its operators can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import narwhals as nw
import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.engine.base import chosen_format
from govml_pipeline.engine.staging import parse
from govml_pipeline.errors import UserError


class EmbeddedEngine:
    """Polars' streaming engine over local files."""

    name = "embedded"

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: nothing is held."""

    def find(self, location: str) -> tuple[str, ...]:
        """As `Engine.find`, for local paths."""
        if "://" in location:
            raise UserError(
                f"the embedded engine reads local files only, not {location}",
                hint="let the job's input mount the files, or choose --engine spark",
            )
        path = Path(location)
        files = [path] if path.is_file() else [item for item in path.rglob("*") if item.is_file()]
        return chosen_format([str(file) for file in files], location)

    def scan(self, files: Sequence[str]) -> nw.LazyFrame:
        """As `Engine.scan`."""
        found = [Path(file) / "*.parquet" if Path(file).is_dir() else Path(file) for file in files]
        return nw.from_native(pl.scan_parquet(found))

    def stage(self, files: Sequence[str], contract: Contract, location: str) -> nw.LazyFrame:
        """As `Engine.stage`: file by file and part by part, so that one part is in memory at a time."""
        Path(location).mkdir(parents=True)
        for number, file in enumerate(files):
            with Path(file).open("rb") as stream:
                for part, table in enumerate(parse(stream, Path(file).name, contract)):
                    table.write_parquet(Path(location) / f"part-{number:05d}-{part:05d}.parquet")
        return self.scan([location])

    def write(self, frames: Mapping[str, nw.LazyFrame]) -> None:
        """As `Engine.write`: all in one pass over what they share."""
        sinks = []
        for location, frame in frames.items():
            Path(location).mkdir(parents=True)
            native: pl.LazyFrame = frame.to_native()
            sinks.append(native.sink_parquet(Path(location) / "part-00000.parquet", lazy=True))
        pl.collect_all(sinks, engine="streaming")
