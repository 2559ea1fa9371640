"""What an estimate is made of: uses of priced things, and the lines that they become."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from govml.cost.prices import Price

ONE = Decimal(1)


@dataclass(frozen=True)
class Use:
    """How much of a priced thing a resource takes.

    Args:
        resource: first part of the price's key.
        item: second part.
        quantity: how many of its unit's things; of what stands, how many stand.
        meter: what has to happen for it to be paid, as in `run of sandbox-dev-hdb-resale`; None: it stands, or it is
            paid by the price's own unit.
        at_most: quantity that the template allows, where that is more.
    """

    resource: str
    item: str
    quantity: Decimal = ONE
    meter: str | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """One row of an estimate.

    Args:
        environment: the environment's prefix, as in `sandbox-dev`.
        stack: the stack's name in it, as in `Network`.
        logical_id: resource in the template.
        resource_type: as in `AWS::EC2::VPCEndpoint`.
        price: its price.
        quantity: how much of it.
        meter: None for what stands, in US dollars a month; otherwise what it is paid for.
        composite: whether the meter's price is the sum of its lines (a run of many jobs), not the rate of each.
        usd: US dollars a month, or for one of the meter.
        at_most_usd: the same, when jobs run as long as the template lets them.
        condition: condition of the template under which the resource exists; empty: always.
    """

    environment: str
    stack: str
    logical_id: str
    resource_type: str
    price: Price
    quantity: Decimal
    meter: str | None
    composite: bool
    usd: Decimal
    at_most_usd: Decimal
    condition: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is paid while nothing happens."""
        return self.meter is None


@dataclass(frozen=True, order=True)
class Unpriced:
    """A resource whose cost is not known, so that no total can be taken for the whole.

    Args:
        environment: the environment's prefix.
        stack: the stack's name in it.
        logical_id: resource in the template.
        resource_type: its type.
        reason: what is missing.
    """

    environment: str
    stack: str
    logical_id: str
    resource_type: str
    reason: str


class UnknownQuantityError(Exception):
    """How much of something a resource takes does not stand in its template; the text says what."""
