"""A contract drafted from a CSV file: kinds, ranges and known values, for a person to check."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from govml.errors import UserError
from govml.scaffold.columns import Dataset, Draft, Kind

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?")
# What the contract's reader takes (pipeline_code/src/govml_pipeline/data/rules.py).
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_FEW: Final = 50
_CLASSES: Final = 20
#: 12 months test, 6 validate, and at least one trains.
_MONTHS: Final = 19
_ROWS: Final = 200


@dataclass
class _Seen:
    """What has been seen of a column."""

    name: str
    missing: int = 0
    values: dict[str, int] = field(default_factory=dict)

    def all(self, pattern: re.Pattern[str]) -> bool:
        return bool(self.values) and all(pattern.fullmatch(value) for value in self.values)


def infer(path: Path, *, kind: Kind, time: str, target: str, key: tuple[str, ...]) -> Dataset:
    """Read a CSV file and draft its contract.

    Args:
        path: the file: UTF-8, commas, a header line.
        kind: kind of the use case; decides what the target may be.
        time: column of months, `YYYY-MM`.
        target: column to predict; empty for clustering, and where anomalies are not labelled.
        key: columns that tell records apart; empty: all but the target.

    Raises:
        UserError: the file cannot be used; says which column, why, and how to mend it.
    """
    seen, rows = _read(path)
    named = (time, *key, *((target,) if target else ()))
    for name in named:
        if name not in seen:
            raise UserError(f"{path.name} has no column {name!r}", hint=f"it has {', '.join(seen)}")
    if rows < _ROWS:
        raise UserError(f"{path.name} has {rows} rows", hint=f"a contract is drafted from at least {_ROWS}")
    if (target == "") != (kind == "clustering") and kind != "anomaly":
        raise UserError(
            f"kind {kind} has {'no' if target else 'a'} target",
            hint="leave --target out" if target else "name it with --target",
        )
    months = _months(path, seen[time])
    columns = tuple(_draft(column, rows, target=target, time=time, kind=kind) for column in seen.values())
    _check_target(path, seen, columns, kind=kind, target=target)
    chosen = key or tuple(name for name in seen if name != target)
    return Dataset(
        columns,
        time,
        target,
        chosen if time in chosen else (time, *chosen),
        first_month=months[0],
        last_month=months[-1],
        origin=f"Drafted from {path.name} ({rows:,} rows) by `govml usecase new`: check ranges, values and descriptions.",
    )


def _read(path: Path) -> tuple[dict[str, _Seen], int]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header)
            seen = [_Seen(name) for name in header]
            rows = 0
            for fields in reader:
                if len(fields) != len(header):
                    raise UserError(
                        f"{path.name}, line {reader.line_num}: {len(fields)} fields instead of {len(header)}",
                        hint="mend the line, or quote a field that holds a comma",
                    )
                if any("\x00" in text for text in fields):
                    raise UserError(
                        f"{path.name}, line {reader.line_num}: binary data", hint="export the data as UTF-8 text"
                    )
                rows += 1
                for column, text in zip(seen, fields, strict=True):
                    value = text.strip()
                    if value:
                        column.values[value] = column.values.get(value, 0) + 1
                    else:
                        column.missing += 1
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} cannot be read as CSV: {error}", hint="give a UTF-8 file with commas") from error
    return {column.name: column for column in seen}, rows


def _check_header(path: Path, header: list[str]) -> None:
    if not header:
        raise UserError(f"{path.name} is empty", hint="give a file with a header line and rows")
    for name in header:
        if not _NAME.fullmatch(name):
            plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "column"
            raise UserError(
                f"{path.name}: {name!r} cannot be a column's name",
                hint=f"rename it in the file, for example to {plain if plain[0].isalpha() else 'c_' + plain}",
            )
    if twice := sorted(name for name, times in Counter(header).items() if times > 1):
        raise UserError(f"{path.name}: column {twice[0]!r} is there twice", hint="rename one of them")


def _months(path: Path, column: _Seen) -> list[str]:
    if column.missing or not column.all(_MONTH):
        odd = next((value for value in column.values if not _MONTH.fullmatch(value)), "")
        dates = "; it holds days: add a column with their month" if _DATE.fullmatch(odd) else ""
        raise UserError(
            f"{path.name}: {column.name} = {odd!r} is not a month{dates}",
            hint="the data is split and its table partitioned by months, written YYYY-MM",
        )
    months = sorted(column.values)
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (months[0], months[-1]))
    if last - first + 1 < _MONTHS:
        raise UserError(
            f"{path.name} covers {months[0]} to {months[-1]}",
            hint=f"the pipeline needs {_MONTHS} months: 12 test, 6 validate, the rest trains",
        )
    return months


def _draft(column: _Seen, rows: int, *, target: str, time: str, kind: Kind) -> Draft:
    required, name = column.missing == 0, column.name
    label = " The target." if name == target else ""
    if name == target and kind in ("classification", "anomaly"):
        return Draft(name, "category", f"To be described.{label}", required, values=_upper(column))
    if name == time or column.all(_MONTH):
        return Draft(name, "month", "To be described.", required)
    if column.all(_DECIMAL):
        whole = column.all(_INTEGER)
        numbers = [float(value) for value in column.values]
        low, high = min(numbers), max(numbers)
        room = (high - low) / 2 or abs(high) or 1.0
        minimum = 0.0 if 0 <= low < room else low - room  # what was never negative stays so
        return Draft(
            name, "integer" if whole else "decimal", f"To be described, with its unit.{label}", required,
            minimum=float(round(minimum)) if whole else minimum, maximum=float(round(high + room)) if whole else high + room,
        )  # fmt: skip
    distinct = len(column.values)
    if 0 < distinct <= _FEW and distinct * 10 <= rows:
        return Draft(name, "category", "To be described.", required, values=_upper(column))
    return Draft(name, "text", f"To be described.{label}", required)


def _upper(column: _Seen) -> tuple[str, ...]:
    return tuple(sorted({value.upper() for value in column.values}))


def _check_target(path: Path, seen: dict[str, _Seen], columns: tuple[Draft, ...], *, kind: Kind, target: str) -> None:
    if not target:
        return
    draft = next(column for column in columns if column.name == target)
    if len(seen[target].values) < 2:
        raise UserError(f"{path.name}: {target} never changes: there is nothing to learn", hint="name another target")
    if kind in ("regression", "timeseries") and draft.kind not in ("integer", "decimal"):
        odd = next(value for value in seen[target].values if not _DECIMAL.fullmatch(value))
        raise UserError(
            f"{path.name}: {target} = {odd!r} is not a number",
            hint="predict numbers (digits, a point, no exponent), or choose --kind classification",
        )
    if kind in ("regression", "timeseries", "classification") and not draft.required:
        raise UserError(
            f"{path.name}: {seen[target].missing:,} rows have no {target}", hint="leave out rows that are not known yet"
        )
    if len(draft.values) > _CLASSES:
        raise UserError(
            f"{path.name}: {target} has {len(draft.values)} classes, at most {_CLASSES} are learnt",
            hint="group them, or choose --kind regression",
        )
