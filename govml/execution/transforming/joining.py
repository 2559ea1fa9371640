"""Filters records before a model sees them, and puts its answers beside them: `DataProcessing` of a batch transform."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from govml.execution.transforming.json_path import JsonPath
from govml.execution.transforming.records import TransformFailed

CSV, JSON = "text/csv", "application/json"
#: Media types whose records SageMaker filters and joins ("You can use input files in JSON and CSV format only").
_FORMS = {CSV: CSV, JSON: JSON, "application/jsonlines": JSON, "application/x-jsonlines": JSON}


def form_of(media_type: str) -> str | None:
    """Return `CSV` or `JSON` for a media type; None for what cannot be looked into."""
    return _FORMS.get(media_type.partition(";")[0].strip().lower())


@dataclass(frozen=True)
class Joining:
    """What is to be done with records and answers.

    Args:
        form: `CSV` or `JSON`.
        sent: which part of a record goes to the model.
        joined: whether the record is put before its answer.
        kept: which part of the (joined) answer is kept.
    """

    form: str
    sent: JsonPath
    joined: bool
    kept: JsonPath

    @property
    def idle(self) -> bool:
        """Whether records and answers stay as they are."""
        return self.sent.everything and not self.joined and self.kept.everything

    def payload_record(self, record: bytes) -> bytes:
        """Return the part of a record that the model gets.

        Raises:
            TransformFailed: the record is not of the form, or has no such part.
        """
        if self.sent.everything:
            return record
        rows = [_selected(self.sent, value) for value in self._read(record)]
        return b"\n".join(self._written(row) for row in rows)

    def results(self, batch: Sequence[bytes], answer: bytes) -> bytes:
        """Return what is written for a request's records, a line a record where there are several.

        Raises:
            TransformFailed: the answer is not of the form, or has more or fewer records than were sent.
        """
        outputs = self._read(answer)
        if self.joined:
            inputs = [value for record in batch for value in self._read(record)]
            if len(inputs) != len(outputs):
                raise TransformFailed(
                    f"{len(inputs)} records were sent and {len(outputs)} answered: they cannot be joined. "
                    "A header is a record too"
                )
            outputs = [self._pair(given, made) for given, made in zip(inputs, outputs, strict=True)]
        return b"\n".join(self._written(_selected(self.kept, each)) for each in outputs)

    def _pair(self, given: Any, made: Any) -> Any:
        if self.form == CSV:
            return [*given, *made]
        if isinstance(given, dict):
            return {**given, "SageMakerOutput": made}
        return {"SageMakerInput": given, "SageMakerOutput": made}

    def _read(self, content: bytes) -> list[Any]:
        try:
            text = content.decode("utf-8-sig")
            if self.form == CSV:
                return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
            return _documents(text)
        except (ValueError, RecursionError, csv.Error) as error:
            raise TransformFailed(f"a record or an answer is not {self.form}: {error}") from error

    def _written(self, value: Any) -> bytes:
        if self.form == JSON:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        row = value if isinstance(value, list) else [value]
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(row)
        return out.getvalue().encode()


def _documents(text: str) -> list[Any]:
    """One JSON document, or one in each line."""
    try:
        return [json.loads(text)]
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]


def _selected(path: JsonPath, value: Any) -> Any:
    try:
        return path.select(value)
    except LookupError as error:
        raise TransformFailed(str(error)) from error
