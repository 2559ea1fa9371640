"""The same results for machines. Amounts are US dollars as numbers; `sure` says whether all prices are as published."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from govml.cost.difference import Change, Difference
from govml.cost.estimate import Estimate
from govml.cost.line import Line
from govml.cost.money import Billing
from govml.cost.prices import Price
from govml.cost.switch_costs import SwitchCost

Document = dict[str, Any]


def estimate_document(found: Estimate, billing: Billing) -> Document:
    """Return an estimate."""
    month = found.month_usd()
    return {
        "currency": "USD",
        "service_fee_percent": float(billing.service_fee_percent),
        "sgd_per_usd": None if billing.sgd_per_usd is None else float(billing.sgd_per_usd),
        "idle": _total(found.idle_usd, billing),
        "idle_by_stack": _numbers(found.idle_by(lambda line: f"{line.environment}/{line.stack}")),
        "idle_by_type": _numbers(found.idle_by(lambda line: line.resource_type)),
        "month": None if month is None else _total(month, billing),
        "units": {
            name: {"usd": float(meter.usd), "at_most_usd": float(meter.at_most_usd), "sure": meter.sure}
            for name, meter in found.meters().items()
        },
        "unpriced": [asdict(each) for each in found.unpriced],
        "lines": [_line(line) for line in found.lines],
    }


def difference_document(found: Difference) -> Document:
    """Return a difference."""
    return {
        "currency": "USD",
        "total": _change(found.total),
        "stacks": [_change(each) for each in found.stacks],
        "kinds": [_change(each) for each in found.kinds],
        "resources": [_change(each) for each in found.resources],
        "units": [_change(each) for each in found.meters],
    }


def switch_document(each: SwitchCost) -> Document:
    """Return a switch's cost."""
    return {**asdict(each), "usd": None if each.usd is None else float(each.usd)}


def price_document(price: Price) -> Document:
    """Return a row of the price table."""
    return {**asdict(price), "usd": float(price.usd), "day": price.day.isoformat()}


def _line(line: Line) -> Document:
    return {
        "environment": line.environment,
        "stack": line.stack,
        "logical_id": line.logical_id,
        "type": line.resource_type,
        "item": f"{line.price.resource} {line.price.item}",
        "quantity": float(line.quantity),
        "meter": line.meter or "month",
        "usd": float(line.usd),
        "condition": line.condition,
        "basis": line.price.basis,
    }


def _total(usd: Decimal, billing: Billing) -> Document:
    whole = billing.with_fee(usd)
    sgd = billing.sgd(whole)
    return {"usd": float(usd), "with_fee_usd": float(whole), "with_fee_sgd": None if sgd is None else float(sgd)}


def _numbers(sums: dict[str, Decimal]) -> dict[str, float]:
    return {name: float(usd) for name, usd in sums.items()}


def _change(change: Change) -> Document:
    sides = {"before": change.before, "after": change.after, "difference": change.usd}
    return {"name": change.name, **{name: None if usd is None else float(usd) for name, usd in sides.items()}}
