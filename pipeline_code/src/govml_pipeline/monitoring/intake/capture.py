"""SageMaker's data capture, JSON lines, as rows with their predictions. Nothing in it is fatal; everything is counted.

A line holds one request and its answer: `captureData.endpointInput`, `captureData.endpointOutput`, and `eventMetadata`
with `eventId`, `inferenceTime` and, if the caller gave one, `inferenceId` ("Capture data from real-time endpoint" in the
SageMaker developer guide). The service writes files by the hour and may be in the middle of one.

Rows become frames some thousands at a time, so that of the text never more than one file is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.monitoring.intake.bodies import UnreadableBody, answers, captured_text, instances
from govml_pipeline.monitoring.intake.capture_lines import Event, events, hour_of
from govml_pipeline.monitoring.judging.windows import RECEIVED, TIME

SUFFIX: Final = ".jsonl"
#: Rows from which on a frame is made of them: of Python's objects there are no more at a time.
_BATCH: Final = 8192
EVENT, INFERENCE, ROW, VERSION = "event", "inference_id", "row", "model_version"
IDENTITY: Final[dict[str, Any]] = {
    INFERENCE: pl.String,
    ROW: pl.Int64,
    TIME: pl.Datetime("us", "UTC"),
    VERSION: pl.String,
    RECEIVED: pl.Datetime("us", "UTC"),
}
_LOST: Final[dict[str, Any]] = {EVENT: pl.String, TIME: IDENTITY[TIME], "why": pl.String}
_COUNTS: Final = ("files", "lines", "broken", "cut", "unreadable", "repeated", "mismatched", "repeated_ids", "refused")


@dataclass(frozen=True)
class Captured:
    """Rows that were answered.

    Args:
        rows: `inference_id`, `row` (position in its request), `time` (UTC), `model_version` (null where the answer does
            not tell), `received` (hour of the file's folder), the contract's inputs, typed, and the prediction's columns;
            by time and id.
        raw: all rows, those too that break the contract though they were answered: `time`, `received` and the inputs as
            text.
        counts: `files`; `lines`; `broken` (no JSON, or no capture); `cut` (a last line without its end); `unreadable`
            (a body that is none); `repeated` (the same event again); `mismatched` (as many rows as answers there are
            not); `repeated_ids` (an id that was answered again later: the last answer counts); `refused`.
        times: time of each event whose bodies are unreadable or mismatched, and hour of the file of each broken line.
        undated: broken lines in files of which nobody knows the hour.
    """

    rows: pl.DataFrame
    raw: pl.DataFrame
    counts: dict[str, int]
    times: list[datetime] = field(default_factory=list)
    undated: int = 0


def read_capture(
    folder: Path, contract: Contract, columns: dict[str, Any], *, this_month: int, since: date | None = None
) -> Captured:
    """Read the capture files below a folder, in the order of their names.

    Args:
        folder: `<endpoint>/<variant>/yyyy/mm/dd/hh/*.jsonl`, or any part of it.
        contract: the data contract of the use case.
        columns: name and Polars type of the prediction's columns, in the order of `Model.predict`.
        this_month: number of the current month; later months break the contract.
        since: files in folders of earlier days are passed over: nothing that they hold is judged any more.
    """
    files = sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    # A day to spare: folders are by UTC, windows by Singapore's clock.
    first = None if since is None else datetime.combine(since, time(), UTC) - timedelta(days=1)
    dated = [(path, hour_of(path)) for path in files]
    kept = [(path, hour) for path, hour in dated if first is None or hour is None or hour >= first]
    return parse_capture(((path.read_bytes(), hour) for path, hour in kept), contract, columns, this_month=this_month)


def parse_capture(
    files: Iterable[tuple[bytes, datetime | None]], contract: Contract, columns: dict[str, Any], *, this_month: int
) -> Captured:
    """Read the contents of capture files.

    Args:
        files: content and hour of each (UTC; None where it is not known).
        contract: as of `read_capture`.
        columns: as of `read_capture`.
        this_month: as of `read_capture`.
    """
    counts = dict.fromkeys(_COUNTS, 0)
    broken: list[datetime] = []
    undated = 0
    rows = _Rows(contract, columns)
    for content, hour in files:
        before = counts["broken"]
        for event in events(content, counts):
            rows.add(event, hour)
        new = counts["broken"] - before
        broken += [] if hour is None else [hour] * new
        undated += new if hour is None else 0
    everything, gone = rows.frames()
    # An event has the same rows each time it is delivered.
    first = everything.unique([EVENT, ROW], keep="first", maintain_order=True)
    gone_once = gone.unique([EVENT], keep="first", maintain_order=True)
    counts |= {why: gone_once.filter(pl.col("why") == why).height for why in ("unreadable", "mismatched")}
    starts = pl.col(ROW) == 0
    counts["repeated"] = everything.filter(starts).height - first.filter(starts).height + gone.height - gone_once.height
    frame = first.drop(EVENT)
    once = frame.sort(TIME, maintain_order=True).unique([INFERENCE, ROW], keep="last", maintain_order=True)
    counts["repeated_ids"] = frame.height - once.height
    accepted = check(once, contract, this_month=this_month)
    counts["refused"] = once.height - accepted.height
    raw = once.select(TIME, RECEIVED, *contract.inputs.names)
    times = sorted([*gone_once[TIME].to_list(), *broken])
    return Captured(accepted.sort(TIME, INFERENCE, ROW), raw, counts, times, undated)


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


class _Rows:
    """Rows of events on their way into frames; and events whose bodies cannot be read."""

    def __init__(self, contract: Contract, columns: dict[str, Any]) -> None:
        self.names, self.known, self.columns = contract.inputs.names, contract.names, columns
        self.identity: list[tuple[Any, ...]] = []
        self.inputs: list[dict[str, str | None]] = []
        self.outputs: list[dict[str, Any]] = []
        self.lost: list[tuple[str, datetime, str]] = []
        self.made: list[pl.DataFrame] = []

    def add(self, event: Event, hour: datetime | None) -> None:
        """Take in one event of a file of that hour."""
        try:
            rows = instances(*captured_text(event.sent), self.names, self.known)
            said, version = answers(*captured_text(event.answered), list(self.columns))
        except (UnreadableBody, UnicodeError):
            self.lost.append((event.id, event.time, "unreadable"))
            return
        if len(rows) != len(said):
            self.lost.append((event.id, event.time, "mismatched"))
            return
        self.identity += [(event.id, event.inference, row, event.time, version, hour) for row in range(len(rows))]
        self.inputs += rows
        self.outputs += said
        if len(self.identity) >= _BATCH:
            self._flush()

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """All rows, and id, time and reason of what was lost."""
        self._flush()
        return pl.concat(self.made), pl.DataFrame(self.lost, schema=_LOST, orient="row")

    def _flush(self) -> None:
        who = pl.DataFrame(self.identity, schema={EVENT: pl.String, **IDENTITY}, orient="row")
        sent = {name: pl.Series(name, [row[name] for row in self.inputs], pl.String) for name in self.names}
        said = [_typed(name, [row[name] for row in self.outputs], kind) for name, kind in self.columns.items()]
        self.made.append(who.with_columns(*sent.values(), *said))
        self.identity, self.inputs, self.outputs = [], [], []


def _typed(name: str, values: list[Any], kind: Any) -> pl.Series:
    """A prediction's column; what is not of its type is missing."""
    if kind == pl.Boolean:
        known = {True: True, False: False, "true": True, "false": False}
        return pl.Series(name, [known.get(value) if isinstance(value, bool | str) else None for value in values], kind)
    text = pl.Series(name, [None if value is None else str(value) for value in values], pl.String)
    return text if kind == pl.String else text.cast(kind, strict=False)
