"""Cuts a file into the payloads of a batch transform's requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MB = 1024 * 1024
#: API reference, `CreateTransformJob`, `MaxPayloadInMB`.
DEFAULT_PAYLOAD_MB = 6


class TransformFailed(Exception):
    """A file cannot be transformed; the others still are."""


@dataclass(frozen=True)
class Splitting:
    """How files are cut.

    Args:
        lines: each line is a record (`SplitType: Line`); else the whole file is one (`None`).
        several: as many records in a request as fit (`BatchStrategy: MultiRecord`); else one (`SingleRecord`).
        most_bytes: largest payload in bytes; 0: no limit.
    """

    lines: bool
    several: bool
    most_bytes: int


def records(content: bytes, splitting: Splitting) -> list[bytes]:
    """Return the records of a file, without the ends of lines where lines are records.

    A line ends at a newline character, also inside quotes: SageMaker does not look into records either. Empty lines are none.

    Raises:
        TransformFailed: the file holds no record.
    """
    if not splitting.lines:
        found = [content] if content else []
    else:
        found = [line for line in (each.removesuffix(b"\r") for each in content.split(b"\n")) if line]
    if not found:
        raise TransformFailed("it is empty")
    return found


def batches(found: Sequence[bytes], splitting: Splitting) -> Iterator[list[bytes]]:
    """Put records together into the payloads of requests, in their order.

    Raises:
        TransformFailed: a record alone is larger than a payload may be.
    """
    batch: list[bytes] = []
    size = 0
    for number, record in enumerate(found, 1):
        length = len(record) + 1  # with the newline between records
        if splitting.most_bytes and len(record) > splitting.most_bytes:
            what = f"record {number}" if splitting.lines else "the whole file"
            raise TransformFailed(
                f"{what} has {len(record):,} bytes, more than MaxPayloadInMB of {splitting.most_bytes // MB}"
            )
        full = splitting.most_bytes and size + length > splitting.most_bytes + 1
        if batch and (full or not splitting.several):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    yield batch
