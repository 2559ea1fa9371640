"""SageMaker's data capture, JSON lines, as rows with their predictions. Nothing in it is fatal; everything is counted.

A line holds one request and its answer: `captureData.endpointInput`, `captureData.endpointOutput`, and `eventMetadata`
with `eventId`, `inferenceTime` and, if the caller gave one, `inferenceId` ("Capture data from real-time endpoint" in the
SageMaker developer guide). The service writes files by the hour and may be in the middle of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.monitoring.bodies import UnreadableBody, answers, captured_text, instances
from govml_pipeline.monitoring.windows import TIME

SUFFIX: Final = ".jsonl"
_FOLDERS: Final = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/\d{2}/[^/]+$")
INFERENCE, ROW, VERSION = "inference_id", "row", "model_version"
IDENTITY: Final[dict[str, Any]] = {
    INFERENCE: pl.String,
    ROW: pl.Int64,
    TIME: pl.Datetime("us", "UTC"),
    VERSION: pl.String,
}
_COUNTS: Final = ("files", "lines", "broken", "cut", "unreadable", "repeated", "mismatched", "repeated_ids", "refused")


@dataclass(frozen=True)
class Captured:
    """Rows that were answered.

    Args:
        rows: `inference_id`, `row` (position in its request), `time` (UTC), `model_version` (null where the answer does
            not tell), the contract's inputs, typed, and the prediction's columns; by time and id.
        raw: all rows, those too that break the contract though they were answered: `time` and the inputs as text.
        counts: `files`; `lines`; `broken` (no JSON, or no capture); `cut` (a last line without its end); `unreadable`
            (a body that is none); `repeated` (the same event again); `mismatched` (as many rows as answers there are
            not); `repeated_ids` (an id that was answered again later: the last answer counts); `refused`.
        times: time of each event whose bodies are unreadable or mismatched.
    """

    rows: pl.DataFrame
    raw: pl.DataFrame
    counts: dict[str, int]
    times: list[datetime] = field(default_factory=list)


def read_capture(
    folder: Path, contract: Contract, columns: dict[str, Any], *, this_month: int, since: date | None = None
) -> Captured:
    """Read the capture files below a folder, in the order of their names.

    Args:
        folder: `<endpoint>/<variant>/yyyy/mm/dd/hh/*.jsonl`, or any part of it.
        contract: the data contract of the use case.
        columns: name and Polars type of the prediction's columns, in the order of `Model.predict`.
        this_month: number of the current month; later months break the contract.
        since: files in folders of earlier days are passed over: all that they hold has been judged.
    """
    files = sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    # A day to spare: folders are by UTC, windows by Singapore's clock.
    first = None if since is None else since - timedelta(days=1)
    files = [path for path in files if first is None or (_day(path) or first) >= first]
    return parse_capture((path.read_bytes() for path in files), contract, columns, this_month=this_month)


def _day(path: Path) -> date | None:
    """Day of the folders `yyyy/mm/dd/hh` that a file stands in; None where they are others."""
    found = _FOLDERS.search(path.as_posix())
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def parse_capture(files: Iterable[bytes], contract: Contract, columns: dict[str, Any], *, this_month: int) -> Captured:
    """Read the contents of capture files; arguments as of `read_capture`."""
    counts = dict.fromkeys(_COUNTS, 0)
    seen: set[str] = set()
    lost: list[datetime] = []
    identity: list[tuple[str, int, datetime, str | None]] = []
    inputs: list[dict[str, str | None]] = []
    outputs: list[dict[str, Any]] = []
    for event in _events(files, counts):
        if event.id in seen:
            counts["repeated"] += 1
            continue
        seen.add(event.id)
        try:
            rows = instances(*captured_text(event.sent), contract)
            said, version = answers(*captured_text(event.answered), list(columns))
        except (UnreadableBody, UnicodeError) as error:
            del error
            counts["unreadable"] += 1
            lost.append(event.time)
            continue
        if len(rows) != len(said):
            counts["mismatched"] += 1
            lost.append(event.time)
            continue
        identity += [(event.inference, row, event.time, version) for row in range(len(rows))]
        inputs += rows
        outputs += said
    frame = _frame(identity, inputs, outputs, contract, columns)
    once = frame.sort(TIME, maintain_order=True).unique([INFERENCE, ROW], keep="last", maintain_order=True)
    counts["repeated_ids"] = frame.height - once.height
    accepted = check(once, contract, this_month=this_month)
    counts["refused"] = once.height - accepted.height
    raw = once.select(TIME, *contract.inputs.names)
    return Captured(accepted.sort(TIME, INFERENCE, ROW), raw, counts, sorted(lost))


def check(rows: pl.DataFrame, contract: Contract, *, this_month: int) -> pl.DataFrame:
    """Rows that keep the contract, typed.

    Args:
        rows: rows with the contract's inputs as text; other columns stay as they are.
        contract: the data contract.
        this_month: number of the current month.
    """
    raw = rows.with_columns(pl.col(name).str.strip_chars().replace("", None) for name in contract.inputs.names)
    raw = raw.with_columns(pl.lit("").alias(FILE), pl.int_range(pl.len(), dtype=pl.UInt32).alias(LINE))
    accepted, _ = check_rows(raw, contract.inputs, this_month=this_month)
    return accepted.drop(FILE, LINE)


@dataclass(frozen=True)
class _Event:
    id: str
    inference: str
    time: datetime
    sent: Any
    answered: Any


def _events(files: Iterable[bytes], counts: dict[str, int]) -> Iterator[_Event]:
    for content in files:
        counts["files"] += 1
        lines = content.split(b"\n")
        for number, line in enumerate(lines):
            if not line.strip():
                continue
            counts["lines"] += 1
            event = _event(line)
            if event is not None:
                yield event
            elif number == len(lines) - 1:  # the last line, and no line break after it: the file is not finished
                counts["cut"] += 1
            else:
                counts["broken"] += 1


def _event(line: bytes) -> _Event | None:
    try:
        found = json.loads(line)
        meta, data = found["eventMetadata"], found["captureData"]
        time = datetime.fromisoformat(meta["inferenceTime"])
        identity = meta["eventId"]
        inference = meta.get("inferenceId") or identity
        if not isinstance(identity, str) or not isinstance(inference, str):
            return None
        moment = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        return _Event(identity, inference, moment, data.get("endpointInput"), data.get("endpointOutput"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def _frame(
    identity: list[tuple[str, int, datetime, str | None]],
    inputs: list[dict[str, str | None]],
    outputs: list[dict[str, Any]],
    contract: Contract,
    columns: dict[str, Any],
) -> pl.DataFrame:
    who = pl.DataFrame(identity, schema=IDENTITY, orient="row")
    names = contract.inputs.names
    sent = pl.DataFrame({name: [row[name] for row in inputs] for name in names}, schema=dict.fromkeys(names, pl.String))
    said = pl.DataFrame(
        [_typed(name, [row[name] for row in outputs], kind) for name, kind in columns.items()],
    )
    return pl.concat([who, sent, said], how="horizontal")


def _typed(name: str, values: list[Any], kind: Any) -> pl.Series:
    """A prediction's column; what is not of its type is missing."""
    if kind == pl.Boolean:
        known = {True: True, False: False, "true": True, "false": False}
        return pl.Series(name, [known.get(value) if isinstance(value, bool | str) else None for value in values], kind)
    text = pl.Series(name, [None if value is None else str(value) for value in values], pl.String)
    return text if kind == pl.String else text.cast(kind, strict=False)
