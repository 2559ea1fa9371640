"""Columns of a contract before it is written, and the contract's text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["regression", "classification", "anomaly", "clustering", "timeseries"]


@dataclass(frozen=True)
class Draft:
    """One column.

    Args:
        name: name in the file's header.
        kind: kind of the contract: month, category, text, integer or decimal.
        description: what it means, with its unit.
        required: no value may be missing.
        minimum: smallest value allowed.
        maximum: largest value allowed.
        values: known values of a category, in upper case.
    """

    name: str
    kind: str
    description: str
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """The data of a new use case.

    Args:
        columns: in the order of the file.
        time: column of kind month.
        target: what is predicted; empty: nothing.
        key: columns that tell records apart, the time column among them.
        first_month: first month of the sample, `YYYY-MM`.
        last_month: last month of the sample.
        origin: where the columns come from, for the contract's head.
    """

    columns: tuple[Draft, ...]
    time: str
    target: str
    key: tuple[str, ...]
    first_month: str = "2019-01"
    last_month: str = "2025-08"
    origin: str = field(default="Made up by `govml usecase new`: replace the columns with those of the real data.")

    def column(self, name: str) -> Draft:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


_MONTH: Final = Draft("month", "month", "Month that the row belongs to.")
_OFFICE: Final = Draft("office", "category", "Office in charge.", values=("CENTRAL", "EAST", "NORTH", "WEST"))
_SERVICE: Final = Draft("service", "category", "What was asked for.", values=("APPEAL", "LICENCE", "PERMIT", "REFUND"))
_PAGES: Final = Draft("pages", "integer", "Pages that were handed in.", required=False, minimum=1, maximum=200)
_AMOUNT: Final = Draft("amount", "decimal", "Amount asked for, in dollars.", minimum=0, maximum=5000)
_INPUTS: Final = (_MONTH, _OFFICE, _SERVICE, _PAGES, _AMOUNT)


def example(kind: Kind) -> Dataset:
    """Return made-up columns for a kind of use case: cases that offices deal with."""
    inputs = tuple(column.name for column in _INPUTS)
    if kind == "timeseries":
        series = Draft("counter", "text", "Counter that is counted.")
        count = Draft("visitors", "decimal", "Visitors in the month; the target.", minimum=0, maximum=10000)
        return Dataset((_MONTH, series, _OFFICE, count), "month", "visitors", ("month", "counter"))
    if kind == "clustering":
        return Dataset(_INPUTS, "month", "", inputs)
    targets = {
        "regression": Draft("days", "decimal", "Working days until closed; the target.", minimum=0, maximum=120),
        "classification": Draft("late", "category", "Closed after its due day; the target.", values=("NO", "YES")),
        "anomaly": Draft(
            "irregular",
            "category",
            "What a later audit found, where there was one.",
            required=False,
            values=("NO", "YES"),
        ),
    }
    target = targets[kind]
    return Dataset((*_INPUTS, target), "month", target.name, inputs)


def contract_text(name: str, title: str, dataset: Dataset) -> str:
    """Return the contract as TOML."""
    quoted = json.dumps  # TOML's basic strings and arrays of them are written as JSON's are
    lines = [
        "# Data contract: what a file of this dataset must look like. Read by validation, the inference server and tests.",
        f"# {dataset.origin}",
        "",
        "[dataset]",
        f"name = {quoted(name)}",
        "version = 1",
        f"title = {quoted(title)}",
        'publisher = "to be named"',
        'notice = ""',
        f"time_column = {quoted(dataset.time)}",
        f"target = {quoted(dataset.target)}",
        'malformed_rows = "quarantine"',
        "max_quarantine_share = 0.05",
        f"key = {quoted(list(dataset.key))}",
        'duplicates = "keep"',
        'delivery = "upsert"',
    ]
    for column in dataset.columns:
        lines += ["", "[[columns]]", f"name = {quoted(column.name)}", f"kind = {quoted(column.kind)}"]
        lines += [] if column.required else ["required = false"]
        lines += [] if column.minimum is None else [f"minimum = {column.minimum:.15g}"]
        lines += [] if column.maximum is None else [f"maximum = {column.maximum:.15g}"]
        if column.kind == "category":
            open_ended = column.name != dataset.target
            lines += ['unknown = "warn"'] if open_ended else []
            lines += [f"values = {quoted(list(column.values), ensure_ascii=False)}"]
        lines += [f"description = {quoted(column.description, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
