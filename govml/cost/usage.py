"""What is assumed about use, as templates do not say how long a job takes: shipped assumptions, or the agency's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from govml.errors import UserError


@dataclass(frozen=True)
class Usage:
    """Assumptions.

    Args:
        job_minutes: minutes for which each instance of a job is billed.
        request_kb: size of a prediction's request and answer together, kB.
        log_kb: what a prediction adds to the logs, kB.
        model_ms: time that a model takes for one prediction, ms.
        per_second: predictions a second that keep an instance of an endpoint fully busy.
        month: meter -> how many of it a month has; with any, a month's whole cost is shown.
    """

    job_minutes: Decimal
    request_kb: Decimal
    log_kb: Decimal
    model_ms: Decimal
    per_second: Decimal
    month: Mapping[str, Decimal] = field(default_factory=dict)


def load_usage(path: Path | None = None) -> Usage:
    """Read the assumptions; those that a file of the agency leaves out are the shipped ones.

    Raises:
        UserError: the file cannot be read, has unknown keys, or a value is no positive number.
    """
    values = _parse("usage.toml", (files("govml.cost") / "data" / "usage.toml").read_text(encoding="utf-8"))
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path} cannot be read: {error}", hint="name a TOML file of assumptions") from error
        for table, entries in _parse(str(path), text).items():
            values[table] = {**values[table], **entries}
    return Usage(
        job_minutes=values["job"]["minutes"],
        request_kb=values["prediction"]["request_kb"],
        log_kb=values["prediction"]["log_kb"],
        model_ms=values["prediction"]["model_ms"],
        per_second=values["prediction"]["per_second"],
        month=values["month"],
    )


_KNOWN: Mapping[str, frozenset[str] | None] = {
    "job": frozenset({"minutes"}),
    "prediction": frozenset({"request_kb", "log_kb", "model_ms", "per_second"}),
    "month": None,  # any meter
}


def _parse(name: str, text: str) -> dict[str, dict[str, Decimal]]:
    try:
        document: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: {error}", hint="write it as TOML") from error
    return {table: _numbers(name, table, entries) for table, entries in document.items()}


def _numbers(name: str, table: str, entries: Any) -> dict[str, Decimal]:
    if table not in _KNOWN or not isinstance(entries, dict):
        raise UserError(f"{name}: there is no table [{table}]", hint=f"tables: {', '.join(_KNOWN)}")
    known = _KNOWN[table]
    found = {}
    for key, value in entries.items():
        if known is not None and key not in known:
            raise UserError(f"{name}: [{table}] has no {key!r}", hint=f"keys: {', '.join(sorted(known))}")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | Decimal)
            or not Decimal(value).is_finite()
            or value < 0
        ):
            raise UserError(f"{name}: [{table}] {key} = {value!r} is no number of 0 or more", hint="write a number")
        if known is not None and not value:
            raise UserError(f"{name}: [{table}] {key} is 0", hint="write a number above 0")
        found[key] = Decimal(value)
    return found
