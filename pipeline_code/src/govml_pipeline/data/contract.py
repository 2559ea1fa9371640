"""Data contracts: the schema and the rules of one dataset, kept in a TOML file beside the use case."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, get_args

Kind = Literal["month", "category", "text", "integer", "decimal"]
Policy = Literal["refuse", "quarantine"]
Unknown = Literal["quarantine", "warn"]


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
        pattern: regular expression that a text must match.
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


@dataclass(frozen=True)
class Contract:
    """Contract of one dataset; `malformed_rows` and `max_quarantine_share` decide between refusal and quarantine."""

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

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def inputs(self) -> Contract:
        """The same contract without the target: what an inference request must look like."""
        rest = tuple(column for column in self.columns if column.name != self.target)
        return Contract(**{**self.__dict__, "columns": rest})


def load_contract(package: str, resource: str = "contract.toml") -> Contract:
    """Read the contract of a use case's package; works inside a zip application too.

    Raises:
        ContractError: the file does not follow this module's types.
    """
    text = resources.files(package).joinpath(resource).read_text(encoding="utf-8")
    return parse_contract(text)


def parse_contract(text: str) -> Contract:
    """Parse a contract from TOML text.

    Raises:
        ContractError: unknown keys, kinds or policies, duplicate columns, or a target that is no column.
    """
    raw = tomllib.loads(text)
    try:
        columns = tuple(_column(item) for item in raw["columns"])
        contract = Contract(columns=columns, **raw["dataset"])
    except (KeyError, TypeError) as error:
        raise ContractError(f"contract: {error}") from error
    if len(set(contract.names)) != len(contract.names):
        raise ContractError("contract: a column is named twice")
    for name in (contract.target, contract.time_column):
        if name not in contract.names:
            raise ContractError(f"contract: {name!r} is not a column")
    if contract.malformed_rows not in get_args(Policy):
        raise ContractError(f"contract: malformed_rows is one of {get_args(Policy)}")
    return contract


def _column(item: dict[str, Any]) -> Column:
    column = Column(**{**item, "values": tuple(item.get("values", ()))})
    if column.kind not in get_args(Kind) or column.unknown not in get_args(Unknown):
        raise ContractError(f"contract: column {column.name!r} has an unknown kind or policy")
    return column
