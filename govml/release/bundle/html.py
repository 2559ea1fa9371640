"""HTML as text that cannot be mistaken: what is no `Html` is escaped wherever it is put."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

DASH = "\u2013"
"""What stands where nothing is known."""


class Html(str):
    """Text that is HTML already; every other text is escaped."""

    __slots__ = ()


def text(value: Any) -> Html:
    """Return a value as HTML: escaped, unless it is HTML; None is a dash."""
    if isinstance(value, Html):
        return value
    return Html(DASH) if value is None or value == "" else Html(escape(str(value), quote=True))


def element(tag: str, *content: Any, css: str = "", **attributes: str) -> Html:
    """Return an element.

    Args:
        tag: its name.
        content: what is in it, one after the other.
        css: its class.
        attributes: further attributes.
    """
    given = {"class": css, **attributes} if css else attributes
    written = "".join(f' {name}="{escape(value, quote=True)}"' for name, value in given.items())
    return Html(f"<{tag}{written}>{''.join(text(each) for each in content)}</{tag}>")


def join(parts: Iterable[Any]) -> Html:
    """Return the parts one after the other."""
    return Html("".join(text(each) for each in parts))


def table(
    heads: Sequence[Any], rows: Iterable[Sequence[Any]], *, numbers: Sequence[int] = (), caption: str = ""
) -> Html:
    """Return a table; an empty one is a sentence that says so.

    Args:
        heads: headings.
        rows: cells of each row.
        numbers: columns that hold numbers, which stand to the right.
        caption: what the table shows.
    """
    body = [element("tr", *(_cell(place, cell, numbers) for place, cell in enumerate(row))) for row in rows]
    if not body:
        return element("p", f"{caption or 'Nothing'}: none.", css="quiet")
    head = element("tr", *(element("th", each, scope="col", **_right(at, numbers)) for at, each in enumerate(heads)))
    said = element("caption", caption) if caption else Html("")
    return element("table", said, element("thead", head), element("tbody", *body))


def badge(kind: str, words: str) -> Html:
    """Return a word that stands out: `good`, `look` or `bad`. Its meaning is in the word, not in the colour alone."""
    return element("span", words, css=f"badge {kind}")


def number(value: Any) -> str:
    """Return a number with four digits that count, or whatever else it is as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return DASH if value is None else str(value)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _cell(place: int, cell: Any, numbers: Sequence[int]) -> Html:
    if place == 0:
        return element("th", cell, scope="row")
    return element("td", cell, **_right(place, numbers))


def _right(place: int, numbers: Sequence[int]) -> dict[str, str]:
    return {"css": "number"} if place in numbers else {}


def percent(share: Any) -> Any:
    """Return a share of one in percent; what is no number stays as it is."""
    return share * 100 if isinstance(share, int | float) else share
