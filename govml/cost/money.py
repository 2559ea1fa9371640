"""Amounts as people read them, with the service fee and in the agency's currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Billing:
    """What comes on top of AWS's prices, and the currency.

    Args:
        service_fee_percent: fee of the central cloud service.
        sgd_per_usd: rate, None where the agency counts in US dollars.
    """

    service_fee_percent: Decimal
    sgd_per_usd: Decimal | None

    def with_fee(self, usd: Decimal) -> Decimal:
        """Return US dollars with the service fee."""
        return usd * (1 + self.service_fee_percent / _HUNDRED)

    def sgd(self, usd: Decimal) -> Decimal | None:
        """Return Singapore dollars, None without a rate."""
        return None if self.sgd_per_usd is None else usd * self.sgd_per_usd


def cents(amount: Decimal) -> str:
    """Return an amount with two places, as in `1,234.50`."""
    return f"{amount.quantize(_CENT, ROUND_HALF_UP):,}"


def small(amount: Decimal) -> str:
    """Return the price of a unit: two places, or of less than a cent two significant digits."""
    if amount == 0 or amount >= 1:
        return cents(amount)
    places = Decimal(1).scaleb(amount.adjusted() - 1)
    return f"{amount.quantize(min(places, _CENT), ROUND_HALF_UP):f}"
