"""One row at a time by the same contract: for requests of few rows, where setting a data frame up costs more than its work.

Only what is certain is read here. Whatever a rule might refuse, and whatever libraries might see differently (text outside
of ASCII, long text), is left to `checks.check_rows`: a row that is read here is, to the last bit, the row that is accepted
there, and every refusal comes from there (tests/test_row_reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from govml_pipeline.data import months
from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.data.rules import NUMBER
from govml_pipeline.engine.patterns import portable

#: A typed value, or None where none is given.
Value = str | int | float | None
#: A row that keeps the contract: value by column.
Row = Mapping[str, Value]

#: Longer texts are left to the other way, whose engine of patterns knows no backtracking.
_LONGEST: Final = 128
#: White space of ASCII by Unicode's definition, which is Rust's; Python's `strip` would take four separators more.
_SPACE: Final = "\t\n\v\f\r "
#: A repeated group can make Python's engine of patterns take exponential time.
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")


class Unread(Exception):
    """A value that this way does not read."""


class RowReader:
    """Reads rows of text one by one.

    Args:
        contract: contract of the rows.
    """

    def __init__(self, contract: Contract) -> None:
        self._readers = [(column.name, _reader(column)) for column in contract.columns]

    def read(self, texts: Mapping[str, str | None]) -> Row:
        """Return the typed row.

        Args:
            texts: text by column, as delivered; a column that is missing has no value.

        Raises:
            Unread: `checks.check_rows` has to decide.
        """
        row: dict[str, Value] = {}
        for name, reader in self._readers:
            text = texts.get(name)
            if text is not None:
                if not text.isascii() or len(text) > _LONGEST:
                    raise Unread
                text = text.strip(_SPACE) or None
            row[name] = reader(text)
        return row


def _reader(column: Column) -> Callable[[str | None], Value]:
    """Return what reads a stripped text of a column, or raises `Unread`."""
    read = {"month": _month, "category": _category, "text": _text, "integer": _number, "decimal": _number}[column.kind]
    present = read(column)
    required = column.required

    def reader(text: str | None) -> Value:
        if text is not None:
            return present(text)
        if required:
            raise Unread
        return None

    return reader


def _month(column: Column) -> Callable[[str], Value]:
    matches = _search(months.PATTERN)
    first = months.text(months.number(str(column.minimum))) if column.minimum is not None else ""

    def read(text: str) -> Value:
        if not matches(text) or not first <= text <= months.text(months.current()):
            raise Unread
        return text

    return read


def _category(column: Column) -> Callable[[str], Value]:
    aliases, closed, values = column.aliases, column.unknown == "quarantine", frozenset(column.values)
    checked = _text(column)

    def read(text: str) -> Value:
        upper = text.upper()
        value = aliases.get(upper, upper)
        if not closed:
            checked(text)
        elif value not in values:
            raise Unread
        return value

    return read


def _text(column: Column) -> Callable[[str], Value]:
    if column.pattern is None:
        return lambda text: text
    matches = _search(portable(column.pattern))

    def read(text: str) -> Value:
        if not matches(text):
            raise Unread
        return text

    return read


def _number(column: Column) -> Callable[[str], Value]:
    matches, number = _search(NUMBER[column.kind]), int if column.kind == "integer" else float
    low = -float("inf") if column.minimum is None else float(column.minimum)
    high = float("inf") if column.maximum is None else float(column.maximum)

    def read(text: str) -> Value:
        if not matches(text) or not low <= (value := number(text)) <= high:
            raise Unread
        return value

    return read


def _search(pattern: str) -> Callable[[str], object]:
    """Search for a pattern of `engine.patterns`; one that Python might be slow with is never found."""
    if _REPEATED_GROUP.search(pattern) or "\\\\" in pattern:
        return lambda _: None
    try:
        return re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII).search
    except re.error:  # of the other engine's syntax alone
        return lambda _: None
