"""The engine at scale: a Spark session, the cluster's own under `spark-submit`, else one that this process starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import narwhals as nw
import polars as pl
import pyarrow as pa

from govml_pipeline.data.contract import Contract
from govml_pipeline.engine.base import chosen_format
from govml_pipeline.engine.session import start
from govml_pipeline.engine.staging import parse, schema


class SparkEngine:
    """Spark over whatever file system its Hadoop libraries reach; a path without a scheme is local.

    Args:
        master: as in `engine.session.start`.

    Raises:
        UserError: PySpark or Java is missing.
    """

    name = "spark"

    def __init__(self, *, master: str | None = None) -> None:
        self._scratch = TemporaryDirectory(prefix="govml-spark-", ignore_cleanup_errors=True)
        self._session = start(self._scratch.name, master=master)

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the session, and its processes with it."""
        self._session.stop()
        self._scratch.cleanup()

    def find(self, location: str) -> tuple[str, ...]:
        """As `Engine.find`."""
        path = _address(location)
        java = self._session.sparkContext._jvm
        place = java.org.apache.hadoop.fs.Path(path)
        system = place.getFileSystem(self._session.sparkContext._jsc.hadoopConfiguration())
        found = []
        if system.exists(place):
            files = system.listFiles(place, True)
            while files.hasNext():
                found.append(files.next().getPath().toString())
        return chosen_format(found, location)

    def scan(self, files: Sequence[str]) -> nw.LazyFrame:
        """As `Engine.scan`."""
        return nw.from_native(self._session.read.parquet(*map(_address, files)))

    def stage(self, files: Sequence[str], contract: Contract, location: str) -> nw.LazyFrame:
        """As `Engine.stage`: a file is one task, wherever there is a free executor."""

        def parse_all(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for row in batch.to_pylist():
                    name = PurePosixPath(row["path"]).name
                    for table in parse(BytesIO(row["content"]), name, contract):
                        yield from _batches(table)

        columns = ", ".join(f"`{name}` {_TYPE[kind]}" for name, kind in schema(contract).items())
        contents = self._session.read.format("binaryFile").load([_address(file) for file in files])
        tables = contents.select("path", "content").repartition(len(files), "path").mapInArrow(parse_all, columns)
        tables.write.parquet(_address(location))
        return self.scan([location])

    def write(self, frames: Mapping[str, nw.LazyFrame]) -> None:
        """As `Engine.write`."""
        for location, frame in frames.items():
            frame.to_native().write.parquet(_address(location))


_TYPE: dict[Any, str] = {pl.String: "string", pl.Int64: "bigint"}
_ARROW: dict[Any, Any] = {pl.String: pa.string, pl.Int64: pa.int64}


def _address(location: str) -> str:
    """A location as Hadoop reads it: its default file system may be another than the local one."""
    return location if "://" in location or location.startswith("file:") else Path(location).absolute().as_uri()


def _batches(table: pl.DataFrame) -> list[pa.RecordBatch]:
    """A table in the types that Spark declares: its strings are shorter than Polars' large ones."""
    form = pa.schema([(name, _ARROW[kind]()) for name, kind in table.schema.items()])
    batches: list[pa.RecordBatch] = table.to_arrow().cast(form).to_batches()
    return batches
