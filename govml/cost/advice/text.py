"""Advice as a person and as a machine reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from govml.cost.advice.right_size import Advice
from govml.cost.money import Billing, cents


def advice_text(found: Sequence[Advice], billing: Billing, days: int) -> Iterator[str]:
    """Yield the lines of a report."""
    if not found:
        yield f"no endpoint and no job of the last {days} days carries the tags of this environment"
        return
    for each in found:
        seen = each.observed
        yield f"{seen.subject}: {each.verdict}"
        yield f"    now {seen.count} x {seen.instance_type}; {each.why}"
        if each.saving_usd:
            what = "saves" if each.saving_usd > 0 else "costs"
            amount = cents(abs(billing.with_fee(each.saving_usd)))
            yield f"    {seen.place}: {each.count} x {each.instance_type} {what} {amount} US dollars a month"
    total = billing.with_fee(sum((each.saving_usd for each in found), Decimal(0)))
    yield f"in all {cents(total)} US dollars a month, with the service fee, from {days} days of figures"


def advice_document(found: Sequence[Advice], billing: Billing) -> list[dict[str, Any]]:
    """Return the advice as plain values; amounts as numbers, in US dollars."""
    return [
        {
            **{key: _plain(value) for key, value in asdict(each.observed).items()},
            "verdict": each.verdict,
            "advised_instance_type": each.instance_type,
            "advised_count": each.count,
            "saving_usd": float(each.saving_usd),
            "saving_with_fee_usd": float(billing.with_fee(each.saving_usd)),
            "why": each.why,
        }
        for each in found
    ]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
