"""The price table: list prices with their region, source and date, and how sure each is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

from govml.errors import UserError

HOURS_A_MONTH = Decimal(730)
"""AWS's own calculator counts 730 hours a month (365 days of 24 hours, over 12)."""
STANDING_UNITS = {"month": Decimal(1), "hour": HOURS_A_MONTH}
"""Units of what is paid while nothing happens -> how many of them a month has."""
ANY_REGION = "*"
BASES = ("list", "derived", "unverified", "free", "agency")
"""`list`: read in AWS's price list; `derived`: computed from such a figure; `unverified`: known from elsewhere, to be
checked; `free`: costs nothing; `agency`: from the agency's own table."""
COLUMNS = ("service", "resource", "item", "unit", "usd", "region", "source", "date", "basis", "note")


@dataclass(frozen=True)
class Price:
    """One row of the table.

    Args:
        service: AWS's name of the service.
        resource: CloudFormation type that it is paid for, or what several types have in common (`SageMaker instance`).
        item: what of it, as in `ml.m5.large`.
        unit: `month` or `hour` for what stands; otherwise what one pays for, as in `GB logged`.
        usd: US dollars a unit, before tax and service fee.
        region: AWS region, or `*`.
        source: where it is published.
        day: when it was read.
        basis: one of `BASES`.
        note: what else one should know.
    """

    service: str
    resource: str
    item: str
    unit: str
    usd: Decimal
    region: str
    source: str
    day: date
    basis: str
    note: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is paid while nothing happens."""
        return self.unit in STANDING_UNITS

    @property
    def sure(self) -> bool:
        """Whether it is as published, and not computed or remembered."""
        return self.basis in ("list", "free", "agency")


class PriceTable:
    """All prices; of two rows for the same thing, the later one counts.

    Args:
        prices: the rows.
    """

    def __init__(self, prices: Iterable[Price]) -> None:
        self._rows = {(each.resource, each.item, each.region): each for each in prices}

    def __iter__(self) -> Iterator[Price]:
        return iter(self._rows.values())

    def find(self, resource: str, item: str, region: str) -> Price | None:
        """Return the price of an item in a region, or everywhere; None where the table has none."""
        return self._rows.get((resource, item, region)) or self._rows.get((resource, item, ANY_REGION))

    def of_type(self, resource_type: str, region: str) -> list[Price]:
        """Return every row of a type in a region; `Custom::*` stands for all custom resources."""
        resource = "Custom::*" if resource_type.startswith("Custom::") else resource_type
        items = {item for name, item, _ in self._rows if name == resource}
        return [price for item in sorted(items) if (price := self.find(resource, item, region)) is not None]

    def knows(self, resource_type: str) -> bool:
        """Whether the table has the type in any region."""
        return any(name == resource_type for name, _, _ in self._rows)


def load_prices(more: Sequence[Path] = ()) -> PriceTable:
    """Read the table that comes with the package, and tables of the agency, whose rows replace its own.

    Args:
        more: CSV files with the columns of `COLUMNS`; `basis` and `note` may be missing (`agency`).

    Raises:
        UserError: a file cannot be read, or a row of it is wrong.
    """
    shipped = (files("govml.cost") / "data" / "prices.csv").read_text(encoding="utf-8")
    rows = list(_rows("prices.csv", shipped))
    for path in more:
        try:
            rows += _rows(str(path), path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path} cannot be read: {error}", hint="name a CSV file of prices") from error
    return PriceTable(rows)


def _rows(name: str, text: str) -> Iterator[Price]:
    reader = csv.DictReader(text.splitlines())
    missing = set(COLUMNS[:8]) - set(reader.fieldnames or ())
    if missing:
        raise UserError(
            f"{name} lacks the columns {', '.join(sorted(missing))}", hint=f"first line: {','.join(COLUMNS)}"
        )
    for number, row in enumerate(reader, start=2):
        try:
            price = Price(
                **{column: row[column] for column in ("service", "resource", "item", "unit", "region", "source")},
                usd=Decimal(row["usd"]),
                day=date.fromisoformat(row["date"]),
                basis=row.get("basis") or "agency",
                note=row.get("note") or "",
            )
        except (InvalidOperation, ValueError, TypeError) as error:
            raise UserError(
                f"{name}:{number}: usd is no number, or date no YYYY-MM-DD", hint="mend the row, or leave it out"
            ) from error
        if not price.usd.is_finite() or price.usd < 0 or price.basis not in BASES:
            raise UserError(
                f"{name}:{number}: usd must be 0 or more, and basis one of {', '.join(BASES)}", hint="mend the row"
            )
        yield price
