"""What the stacks need of a data contract: the columns of its tables. The contract itself is read by the pipeline code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from govml.errors import UserError

# Kind of a contract's column -> type in Glue (Athena user guide, "Data types in Amazon Athena").
_TYPES: Mapping[str, str] = MappingProxyType(
    {"month": "string", "category": "string", "text": "string", "integer": "bigint", "decimal": "double"}
)
ORIGIN: Mapping[str, str] = MappingProxyType(
    {"record_number": "int", "delivery_id": "string", "source_line": "bigint", "delivered_at": "timestamp"}
)
"""Columns of the curated table beside the contract's."""
CHANGE: Mapping[str, str] = MappingProxyType(
    {"change": "string", "superseded_by": "string", "superseded_at": "timestamp"}
)
"""Columns of the history beside the table's."""
QUARANTINE: Mapping[str, str] = MappingProxyType(
    {
        "delivery_id": "string",
        "source_file": "string",
        "source_line": "bigint",
        "column": "string",
        "value": "string",
        "reason": "string",
        "row": "string",
    }
)
"""Columns of the quarantine, the same for every data source."""


@dataclass(frozen=True)
class ContractColumns:
    """Columns of one data source.

    Args:
        title: what people call the dataset.
        columns: name -> (type in Glue, description), in order.
    """

    title: str
    columns: Mapping[str, tuple[str, str]]

    def history(self) -> dict[str, tuple[str, str]]:
        """Return the columns of the table's history."""
        return {**self.columns, **{name: (kind, "") for name, kind in {**ORIGIN, **CHANGE}.items()}}


def read_contract(source: str, folder: Path) -> ContractColumns:
    """Read the columns of a data source's contract.

    Args:
        source: name of the data source.
        folder: its folder, where `contract.toml` stands.

    Raises:
        UserError: there is no contract, or it is not one.
    """
    path = folder / "contract.toml"
    where = f"{folder.parent.name}/{folder.name}/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = {
            str(each["name"]): (_TYPES[each["kind"]], str(each.get("description", ""))) for each in raw["columns"]
        }
        title, name = str(raw["dataset"]["title"]), str(raw["dataset"]["name"])
    except FileNotFoundError as error:
        raise UserError(
            f"data.sources.{source}: there is no {where}",
            hint="write the contract, or name the folder of another source",
        ) from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{where} cannot be read: {error}") from error
    except KeyError as error:
        raise UserError(f"{where}: {error} is missing or unknown", hint="docs/data.md shows a contract") from error
    if name != source:
        raise UserError(f"{where}: dataset.name is {name!r}", hint=f"its folder and its tables are called {source!r}")
    if taken := sorted(set(columns) & {*ORIGIN, *CHANGE}):
        raise UserError(f"{where}: column {taken[0]!r} is a name that ingestion gives", hint="rename the column")
    return ContractColumns(title, MappingProxyType(columns))
