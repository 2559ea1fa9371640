"""The verdict for people: counts first, then each acknowledgement, then what stands against the assembly."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click

from govml.gate.verdict import Accepted, Verdict


def lines(verdict: Verdict, *, acknowledgements: bool) -> Iterator[str]:
    """Return the lines to print; colours are dropped by click when the output is not a terminal.

    Args:
        verdict: the judgement.
        acknowledgements: list each of them, or only their number.
    """
    yield f"packs         {', '.join(verdict.packs) or 'none proven to have run'}"
    yield f"own rules     {verdict.own_rules}"
    yield f"judged        {_number(verdict.stacks, 'stack')}, {_number(verdict.resources, 'resource')}"
    yield f"acknowledged  {_number(len(verdict.accepted), 'finding')}{_next_expiry(verdict)}"
    if acknowledgements:
        yield from _acknowledged(verdict)
    yield f"open          {_number(len(verdict.refusals), 'problem')}"
    yield from _refused(verdict)
    yield click.style("gate passed", fg="green") if verdict.passed else click.style("gate refused", fg="red", bold=True)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _next_expiry(verdict: Verdict) -> str:
    return f", the next review by {min(item.expires for item in verdict.accepted)}" if verdict.accepted else ""


def _refused(verdict: Verdict) -> Iterator[str]:
    """One block for each rule and message, with every construct that it is about; in the order of the checks."""
    blocks: dict[tuple[str, str, str, str], list[str]] = {}
    for item in verdict.refusals:
        blocks.setdefault((item.kind, item.rule, item.message, item.hint), []).append(item.path)
    for (kind, rule, message, hint), paths in blocks.items():
        yield f"  {click.style(kind, fg='red')}  {rule}"
        yield f"      {message}"
        yield from (f"      at {path}" for path in paths if path)
        if hint:
            yield f"      hint: {hint}"


def _acknowledged(verdict: Verdict) -> Iterator[str]:
    """One block for each place and reason, with every rule that it covers."""

    def block(item: Accepted) -> tuple[str, str, str, str, str]:
        return item.path, item.reason, item.owner, item.expires.isoformat(), item.source

    for (path, reason, owner, expires, source), items in groupby(sorted(verdict.accepted, key=block), key=block):
        rules = sorted((item.rule, item.constructs) for item in items)
        yield f"  {click.style(path, bold=True)}"
        for rule, constructs in rules:
            yield f"      {rule}{f' ({constructs} constructs)' if constructs > 1 else ''}"
        yield f"      {reason}"
        yield f"      {owner}, until {expires}{f', {source}' if source else ''}"
