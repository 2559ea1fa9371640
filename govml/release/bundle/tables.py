"""Tables that several sections share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from govml.release.bundle.changes import Change
from govml.release.bundle.html import DASH, Html, badge, element, join, number, table
from govml.release.bundle.metrics import Row

MINUS = "\u2212"
_TRENDS = {"better": ("good", "better"), "worse": ("bad", "worse")}


def metric_table(rows: Iterable[Row], *, compared: bool, caption: str = "") -> Html:
    """Return both models' values, intervals and difference; without a champion only the new model's.

    Args:
        rows: metrics.
        compared: whether there is a champion.
        caption: what the table shows.
    """
    shown = list(rows)
    if not compared:
        return table(
            ("metric", "this model"),
            [(_name(row), _value(row.value, row.interval)) for row in shown],
            numbers=(1,),
            caption=caption,
        )
    cells = [
        (
            _name(row),
            _value(row.value, row.interval),
            _value(row.former, row.former_interval),
            _signed(row.difference),
            _trend(row),
        )
        for row in shown
    ]
    heads = ("metric", "this model", "champion", "difference", "against it")
    return table(heads, cells, numbers=(1, 2, 3), caption=caption)


def change_table(changes: Sequence[Change], *, compared: bool, caption: str = "") -> Html:
    """Return values of both models, what differs marked."""
    if not compared:
        return table(("what", "this model"), [(each.name, _plain(each.value)) for each in changes], caption=caption)
    rows = [
        (each.name, _plain(each.value), _plain(each.former), "" if each.same else badge("look", "changed"))
        for each in changes
    ]
    return table(("what", "this model", "champion", "against it"), [_blank(row) for row in rows], caption=caption)


def pairs(items: Iterable[tuple[str, Any]]) -> Html:
    """Return names with their values as a list."""
    return element("dl", *(join((element("dt", name), element("dd", value))) for name, value in items))


def code(value: Any) -> Html:
    """Return a digest, address or identifier; nothing is a dash."""
    return element("code", value) if value else Html(DASH)


def _blank(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(Html("") if cell == "" else cell for cell in row)


def _name(row: Row) -> Html:
    return join((row.name, element("small", f" {row.unit}") if row.unit else Html("")))


def _value(value: float | None, interval: tuple[float, float] | None) -> Html:
    if interval is None or value is None:
        return element("span", number(value))
    return join((number(value), element("small", f" ({number(interval[0])} to {number(interval[1])})")))


def _signed(value: float | None) -> str:
    if value is None:
        return DASH
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{number(abs(value))}"


def _trend(row: Row) -> Html:
    if row.trend not in _TRENDS:
        return Html("")
    kind, words = _TRENDS[row.trend]
    if row.interval is None or row.former_interval is None:
        return badge("quiet", words)  # nobody knows whether it is more than chance
    return badge(kind, words) if row.apart else badge("look", f"{words}, may be chance")


def _plain(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 64:
        return code(value)
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
