"""Data contracts: the schema and the rules of one dataset, kept in a TOML file of its data source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any, Literal, get_args

from govml_pipeline.engine.patterns import portable

Kind = Literal["month", "category", "text", "integer", "decimal"]
Policy = Literal["refuse", "quarantine"]
Unknown = Literal["quarantine", "warn"]
Delivery = Literal["upsert", "snapshot"]
Duplicates = Literal["keep", "quarantine"]


class ContractError(ValueError):
    """The contract file itself is wrong: a defect of the use case, not of the data."""


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        name: name in the file's header.
        kind: `month` (YYYY-MM), `category` (upper-cased), `text`, `integer` or `decimal`.
        description: what it means, with its unit.
        required: the column must be in the file, and no value may be missing.
        minimum: smallest value allowed; for months as `YYYY-MM`.
        maximum: largest value allowed.
        values: known values of a category, in upper case.
        aliases: other spellings of a category's values.
        unknown: what happens to a category value outside `values`.
        pattern: regular expression that a text must match, one that all engines understand alike (`engine.patterns`).
        since: version of the contract that brought the column; a column after version 1 is added to the existing table.
    """

    name: str
    kind: Kind
    description: str = ""
    required: bool = True
    minimum: float | str | None = None
    maximum: float | str | None = None
    values: tuple[str, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    unknown: Unknown = "quarantine"
    pattern: str | None = None
    since: int = 1


@dataclass(frozen=True)
class Contract:
    """Contract of one dataset; `malformed_rows` and `max_quarantine_share` decide between refusal and quarantine.

    Args:
        name: name of the data source.
        version: raised with every change; files refused under an older version are tried again.
        title: what people call the dataset.
        publisher: who delivers it.
        notice: notice to show wherever the data is used.
        time_column: column of kind `month` by which the data is split and its table partitioned.
        target: what a model predicts; empty: nothing is (anomaly detection without labels, clustering).
        columns: the columns.
        malformed_rows: what an unreadable row does to its file.
        max_quarantine_share: largest share of bad rows in a file that is not refused as a whole, 0 to 1.
        key: columns that tell records apart, the time column among them; empty: every column but the target.
        duplicates: what several rows of one file with the same key are: `keep`, different records, which are numbered;
            `quarantine`, all but the first are errors.
        delivery: what a file means for the table: `upsert`, its rows are added or replace those of the same key;
            `snapshot`, it is complete for every month that it holds, so a record that it lacks is gone.
        max_age_days: age in days of the newest month's end beyond which the data is stale (None: never).
    """

    name: str
    version: int
    title: str
    publisher: str
    notice: str
    time_column: str
    target: str
    columns: tuple[Column, ...]
    malformed_rows: Policy = "refuse"
    max_quarantine_share: float = 0.05
    key: tuple[str, ...] = ()
    duplicates: Duplicates = "keep"
    delivery: Delivery = "upsert"
    max_age_days: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def inputs(self) -> Contract:
        """The same contract without the target: what an inference request must look like."""
        return replace(self, columns=tuple(column for column in self.columns if column.name != self.target))


def load_contract(package: str, resource: str = "contract.toml") -> Contract:
    """Read the contract of a data source's package, as in `data_sources.hdb_resale`; works inside a zip application too.

    Raises:
        ContractError: the file does not follow this module's types.
        tomllib.TOMLDecodeError: not TOML.
        ModuleNotFoundError: there is no such package.
        FileNotFoundError: the package has no such file.
    """
    text = resources.files(package).joinpath(resource).read_text(encoding="utf-8")
    return parse_contract(text)


def parse_contract(text: str) -> Contract:
    """Parse a contract from TOML text.

    Raises:
        ContractError: unknown keys, kinds or policies, duplicate columns, a target that is no column, or a pattern that
            engines understand differently.
        tomllib.TOMLDecodeError: not TOML.
    """
    raw = tomllib.loads(text)
    try:
        columns = tuple(_column(item) for item in raw["columns"])
        dataset = dict(raw["dataset"])
        key = tuple(dataset.pop("key", ()))
        contract = Contract(columns=columns, key=key, **dataset)
    except (KeyError, TypeError) as error:
        raise ContractError(f"contract: {error}") from error
    if len(set(contract.names)) != len(contract.names):
        raise ContractError("contract: a column is named twice")
    for name in (contract.target, contract.time_column):
        if name not in contract.names and not (name == contract.target == ""):
            raise ContractError(f"contract: {name!r} is not a column")
    if not contract.key:
        contract = replace(contract, key=tuple(name for name in contract.names if name != contract.target))
    if contract.time_column not in contract.key:
        raise ContractError(f"contract: the key must hold the time column {contract.time_column!r}")
    if unknown := set(contract.key) - set(contract.names):
        raise ContractError(f"contract: key: {sorted(unknown)[0]!r} is not a column")
    for name, choices in (("malformed_rows", Policy), ("duplicates", Duplicates), ("delivery", Delivery)):
        if getattr(contract, name) not in get_args(choices):
            raise ContractError(f"contract: {name} is one of {get_args(choices)}")
    return contract


def _column(item: dict[str, Any]) -> Column:
    column = Column(**{**item, "values": tuple(item.get("values", ()))})
    if column.kind not in get_args(Kind) or column.unknown not in get_args(Unknown):
        raise ContractError(f"contract: column {column.name!r} has an unknown kind or policy")
    if column.pattern is not None:
        try:
            portable(column.pattern)
        except ValueError as error:
            raise ContractError(f"contract: column {column.name!r}: {error}") from error
    return column
