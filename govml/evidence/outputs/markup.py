"""Small pieces of HTML; every text that comes from outside goes through `escaped`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from govml.evidence.row import Status

_BETWEEN = re.compile(r"(?<=[/_.])(?=[\w&<$])")


def escaped(text: object) -> str:
    """Return text that is safe in elements and attributes."""
    return html.escape(str(text), quote=True)


def code(text: str) -> str:
    """Return a name from code or a template; a long one breaks between its parts, not within a word."""
    return f"<code>{_BETWEEN.sub('<wbr>', escaped(text))}</code>" if text else ""


def status(value: str) -> str:
    """Return an outcome as a label."""
    return f'<span class="status {escaped(value).replace(" ", "-")}">{escaped(value)}</span>'


def options(values: Iterable[str]) -> str:
    """Return the options of a selection."""
    return "".join(f'<option value="{escaped(each)}">{escaped(each)}</option>' for each in values)


def numbers(counts: dict[Status, int]) -> str:
    """Return counts by outcome, those that are not zero."""
    return "<br>".join(
        f'<span class="nowrap">{counts[each]} {each.value}</span>' for each in Status if counts.get(each)
    )


def listing(summary: str, items: Sequence[str]) -> str:
    """Return a list that folds away; one item stands alone."""
    if len(items) == 1:
        return items[0]
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f"<details><summary>{escaped(summary)}</summary><ul>{inner}</ul></details>"


def row(cells: Iterable[str], *, outcome: str, profiles: Iterable[str]) -> str:
    """Return a table row that the filter can hide."""
    inner = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr data-status="{escaped(outcome)}" data-profiles="{escaped(" ".join(profiles))}">{inner}</tr>'


def table(heads: Sequence[str], rows: Sequence[str], *, empty: str) -> str:
    """Return a table, or a sentence when there is nothing in it; a narrow screen scrolls it, by keyboard too."""
    if not rows:
        return f'<p class="none">{escaped(empty)}</p>'
    top = "".join(f'<th scope="col">{escaped(head)}</th>' for head in heads)
    body = f"<table><thead><tr>{top}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escaped(", ".join(heads))}">{body}</div>'
