"""Numbers and values as a person reads them."""

from __future__ import annotations

from typing import Any


def number(value: Any) -> str:
    """Four significant digits, thousands apart; whole numbers whole; `not defined` for nothing."""
    if value is None:
        return "not defined"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def interval(entry: Any) -> str:
    """`3.1 to 3.4`, or a dash."""
    if isinstance(entry, dict):
        entry = [entry["lower"], entry["upper"]] if "lower" in entry else None
    return f"{number(entry[0])} to {number(entry[1])}" if entry else "-"


def percent(value: float | None) -> str:
    """A share in percent."""
    return "-" if value is None else f"{100 * value:.1f} %"
