"""The curated table: an Apache Iceberg table, partitioned by month, whose properties name its ledger.

Commits are optimistic: one that finds that the table has moved since it was read fails and is made again from the start.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import polars as pl
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, ValidationException
from pyiceberg.expressions import In
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import DoubleType, IcebergType, IntegerType, LongType, NestedField, StringType, TimestamptzType

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.merging import table_schema

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table, Transaction

LEDGER_PROPERTY = "govml.ledger"
CONTRACT_PROPERTY = "govml.contract-version"
_TYPES: dict[object, IcebergType] = {
    pl.String: StringType(),
    pl.Int64: LongType(),
    pl.Int32: IntegerType(),
    pl.Float64: DoubleType(),
    pl.Datetime("us", "UTC"): TimestamptzType(),
}
_PROPERTIES = {
    "write.parquet.compression-codec": "zstd",
    # A commit that lost the race is merged anew from the other's state; the library would put the same files on top.
    "commit.retry.num-retries": "0",
}

__all__ = ["CommitFailedException", "CuratedTable"]


class CuratedTable:
    """One table at one point in time.

    Args:
        catalogue: where it is named.
        database: its database.
        contract: names its columns; the table's name is the contract's.
        location: where its files stand, as a URI.
    """

    def __init__(self, catalogue: Catalog, database: str, contract: Contract, location: str) -> None:
        self.contract = contract
        identifier = f"{database}.{contract.name}"
        self.columns = list(table_schema(contract))
        schema = _schema(contract)
        self._table: Table
        try:  # first, since an attempt to make a table that is there writes metadata which nothing names
            self._table = catalogue.load_table(identifier)
        except NoSuchTableError:
            self._table = catalogue.create_table_if_not_exists(
                identifier, schema, location=location, partition_spec=_spec(schema, contract), properties=_PROPERTIES
            )
        self._planned: tuple[int | None, list[DataFile]] | None = None
        self._prepare(schema)

    @property
    def ledger(self) -> str | None:
        """Name of the ledger of this state of the table."""
        return self._table.properties.get(LEDGER_PROPERTY)

    @property
    def snapshot_id(self) -> int | None:
        """Id of this state of the rows; None before the first row."""
        return self._table.metadata.current_snapshot_id

    def rows(self, months: Iterable[str]) -> pl.DataFrame:
        """Return all rows of some months, with the contract's columns and those of `merging.ORIGIN`."""
        chosen = In(self.contract.time_column, tuple(months))
        frame = pl.DataFrame(self._table.scan(row_filter=chosen).to_arrow())
        return typed(frame, self.contract)

    def data_files(self) -> dict[str, int]:
        """Return URI -> bytes of the files that hold the rows, sorted. There are no delete files: months are rewritten."""
        files = {each.file_path: each.file_size_in_bytes for each in self._files()}
        return dict(sorted(files.items()))

    def months(self) -> dict[str, int]:
        """Return the number of rows of each month, from the table's metadata alone."""
        found: dict[str, int] = {}
        for each in self._files():
            month = str(each.partition[0])
            found[month] = found.get(month, 0) + each.record_count
        return found

    def _files(self) -> list[DataFile]:
        """All files of the rows; the manifests of one state are read once."""
        if self._planned is None or self._planned[0] != self.snapshot_id:
            self._planned = self.snapshot_id, [task.file for task in self._table.scan().plan_files()]
        return self._planned[1]

    @contextlib.contextmanager
    def change(self, delivery: str) -> Iterator[Change]:
        """Yield a change that takes hold as a whole when the block ends without an error.

        Args:
            delivery: id of the delivery, noted in each new snapshot.

        Raises:
            CommitFailedException: somebody else has changed the table since it was read; nothing has changed then.
        """
        with as_conflict(), self._table.transaction() as transaction:
            yield Change(transaction, self.contract, {"govml.delivery": delivery}, held=set(self.months()))

    def _prepare(self, schema: Schema) -> None:
        """Give a table that was made elsewhere its partitions, and an older one the columns of a newer contract."""
        missing = [name for name in self.columns if name not in self._table.schema().column_names]
        unpartitioned = self._table.spec().is_unpartitioned() and self.snapshot_id is None
        other = {key: value for key, value in _PROPERTIES.items() if self._table.properties.get(key) != value}
        if not missing and not unpartitioned and not other:
            return
        with self._table.transaction() as transaction:
            if other:
                transaction.set_properties(other)
            if missing:
                with transaction.update_schema() as update:
                    update.union_by_name(schema)
            if unpartitioned:
                with transaction.update_spec() as spec:
                    spec.add_identity(self.contract.time_column)


@contextlib.contextmanager
def as_conflict() -> Iterator[None]:
    """Report a change by others that the library finds before it commits like one that the catalogue finds."""
    try:
        yield
    except ValidationException as error:
        raise CommitFailedException(str(error)) from error


class Change:
    """New rows of some months, and the ledger that belongs to them; see `CuratedTable.change`."""

    def __init__(
        self, transaction: Transaction, contract: Contract, properties: dict[str, str], *, held: set[str]
    ) -> None:
        self._transaction, self._contract, self._properties, self._held = transaction, contract, properties, held
        self._changed = False

    def replace(self, months: Iterable[str], rows: pl.DataFrame) -> None:
        """Put rows in place of all rows of the months."""
        self._changed = True
        names = self._transaction.table_metadata.schema().column_names
        absent = [pl.lit(None, pl.String).alias(name) for name in names if name not in rows.columns]
        table, held = (
            rows.with_columns(absent).select(names).to_arrow(),
            [each for each in months if each in self._held],
        )
        if held:
            self._transaction.delete(In(self._contract.time_column, held), snapshot_properties=self._properties)
        if table.num_rows or not held:
            self._transaction.append(table, snapshot_properties=self._properties)

    def note(self, ledger: str) -> None:
        """Name the ledger of the new state.

        Every state is a snapshot, also one without new rows: the catalogue compares snapshots to find out that somebody
        else was faster.
        """
        if not self._changed:
            self.replace([], pl.DataFrame(schema=table_schema(self._contract)))
        version = str(self._contract.version)
        self._transaction.set_properties({LEDGER_PROPERTY: ledger, CONTRACT_PROPERTY: version})


def _schema(contract: Contract) -> Schema:
    described = {column.name: column.description or None for column in contract.columns}
    fields = [
        NestedField(number, name, _TYPES[kind], required=False, doc=described.get(name))
        for number, (name, kind) in enumerate(table_schema(contract).items(), 1)
    ]
    return Schema(*fields)


def _spec(schema: Schema, contract: Contract) -> PartitionSpec:
    field = schema.find_field(contract.time_column)
    return PartitionSpec(PartitionField(field.field_id, 1000, IdentityTransform(), field.name))


def typed(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Give a frame the table's types; a column that its files are too old for is null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None).alias(name)).cast(kind)
        for name, kind in table_schema(contract).items()
    )
