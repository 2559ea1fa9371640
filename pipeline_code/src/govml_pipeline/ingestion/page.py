"""The report's page: one self-contained HTML file, without script, that any browser shows from a bucket or a disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.ledger import Entry

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c2430;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d6dbe3;
vertical-align:top}td.w{overflow-wrap:anywhere}th{background:#f2f4f8}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.state{display:inline-block;padding:.1rem .6rem;border-radius:.3rem;font-weight:600}
.applied{background:#dff3e4;color:#0d5c2b}.refused{background:#fbe1e1;color:#8a1212}.quiet{color:#5b6676}
code{background:#f2f4f8;padding:0 .2rem}
"""
_COUNTS = (
    ("read", "rows in the file"),
    ("accepted", "rows that keep the contract"),
    ("quarantined", "rows in quarantine"),
    ("inserted", "new records"),
    ("updated", "corrected records"),
    ("unchanged", "records that were there already"),
    ("overtaken", "records that a later file had already corrected"),
    ("removed", "records that the complete file no longer has"),
)


def page(entry: Entry, contract: Contract) -> str:
    """Return the page of one delivery."""
    parts = [
        f"<h1>{escape(contract.title)}</h1>",
        f'<p class="quiet">{escape(entry.name)}, delivered {escape(entry.delivered_at)} &middot; '
        f"contract {escape(contract.name)} version {entry.contract_version}</p>",
        f'<p><span class="state {entry.outcome}">{"taken in" if entry.outcome == "applied" else "refused"}</span></p>',
    ]
    if entry.reason:
        parts.append(f"<p><b>Why:</b> {escape(entry.reason)}</p>")
    else:
        rows = [(text, f"{getattr(entry.counts, name):,}") for name, text in _COUNTS]
        parts += ["<h2>Rows</h2>", _table(("", "rows"), rows, numbers={1})]
        if entry.months:
            parts.append(f"<p>Months {entry.months[0]} to {entry.months[-1]} ({len(entry.months)}).</p>")
    if entry.reasons:
        reasons = [(each["column"] or "-", each["reason"], f"{each['rows']:,}") for each in entry.reasons]
        parts += ["<h2>What is wrong</h2>", _table(("column", "reason", "rows"), reasons, numbers={2})]
        shown = [
            (str(each["source_line"]), each["column"] or "-", each["value"] or "", each["reason"])
            for each in entry.examples
        ]
        parts += [
            "<h2>The first bad rows</h2>",
            _table(("line", "column", "value", "reason"), shown, numbers={0}, long={2}),
        ]
        if entry.outcome == "applied":
            parts.append(f"<p>All of them, whole: <code>quarantine/{entry.id}.parquet</code>.</p>")
    if entry.warnings:
        parts.append("<h2>Warnings</h2><ul>" + "".join(f"<li>{escape(each)}</li>" for each in entry.warnings) + "</ul>")
    parts.append(
        f'<p class="quiet">Delivery <code>{entry.id}</code>, SHA-256 <code>{entry.sha256 or "not read to its end"}</code>.'
        f"<br>{escape(contract.notice)}</p>"
    )
    title = escape(f"{contract.name}: {entry.name}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: set[int],
    long: frozenset[int] | set[int] = frozenset(),
) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if index in numbers else ' class=w' if index in long else ''}>{escape(cell)}</{tag}>"
            for index, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{line('th', head)}</tr></thead><tbody>{body}</tbody></table>"
