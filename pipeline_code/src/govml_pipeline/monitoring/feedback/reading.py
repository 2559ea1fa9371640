"""Files of feedback as two frames: verdicts and true values; lines that do not count are set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.monitoring.feedback.lines import LONGEST_LINE, RefusedLine, Said, parse_line
from govml_pipeline.monitoring.intake.capture import INFERENCE, ROW
from govml_pipeline.monitoring.intake.labels import LABELLED_AT

SUFFIX: Final = ".jsonl"
ACCEPTED: Final = "accepted"
#: Refused lines that are listed; of more, there is a count.
LISTED: Final = 1000
_KEY: Final[dict[str, Any]] = {INFERENCE: pl.String, ROW: pl.Int64, LABELLED_AT: pl.Datetime("us", "UTC")}


@dataclass(frozen=True)
class Feedback:
    """What people said.

    Args:
        verdicts: `inference_id`, `row`, `labelled_at`, `accepted`.
        values: `inference_id`, `row`, `labelled_at` and the target's column.
        refused: file, line (from 1) and reason of lines that do not count, the first 1,000; never what they hold.
        counts: `feedback_files`, `feedback_lines`, `feedback_refused`.
    """

    verdicts: pl.DataFrame
    values: pl.DataFrame
    refused: tuple[dict[str, Any], ...]
    counts: dict[str, int]


def read_feedback(folder: Path, target: str, target_type: Any, *, latest: datetime) -> Feedback:
    """Read the files below a folder, in the order of their names.

    Args:
        folder: holds JSON lines, see `lines`.
        target: name of the target; empty: the use case has none, and values are refused.
        target_type: its Polars type.
        latest: the latest moment that can be meant (with zone).
    """
    paths = sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())
    named = [(path, path.relative_to(folder).as_posix()) for path in paths]
    return read_files(named, target, target_type, latest=latest)


def read_files(files: list[tuple[Path, str]], target: str, target_type: Any, *, latest: datetime) -> Feedback:
    """Read files, each with the name that refused lines are told by; otherwise as `read_feedback`."""
    said: list[Said] = []
    refused: list[dict[str, Any]] = []
    counts = {"feedback_files": len(files), "feedback_lines": 0, "feedback_refused": 0}
    for path, name in files:
        for number, line in enumerate(_lines(path), start=1):
            if not line.strip():
                continue
            counts["feedback_lines"] += 1
            try:
                found = parse_line(line, text=target_type == pl.String, latest=latest)
                if found.value is not None and not target:
                    raise RefusedLine("the use case has no target, so there is no true value")
                said.append(found)
            except RefusedLine as reason:
                counts["feedback_refused"] += 1
                if len(refused) < LISTED:
                    refused.append({"file": name, "line": number, "reason": str(reason)})
    verdicts = [(each.inference, each.row, each.at, each.accepted) for each in said if each.accepted is not None]
    values = [
        (each.inference, each.row, each.at, _as(each.value, target_type)) for each in said if each.value is not None
    ]
    return Feedback(
        pl.DataFrame(verdicts, schema={**_KEY, ACCEPTED: pl.Boolean}, orient="row"),
        pl.DataFrame(values, schema={**_KEY, target or "value": target_type}, orient="row"),
        tuple(refused),
        counts,
    )


def _lines(path: Path) -> Iterator[bytes]:
    """Lines of a file; of one that has no end in sight, no more than it takes to see that."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE + 1):
            yield line
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE + 1)


def _as(value: float | str | None, target_type: Any) -> Any:
    return round(value) if target_type == pl.Int64 and isinstance(value, float) else value
