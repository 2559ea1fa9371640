"""Samples in the body of a remote-write request: the message `WriteRequest` of protobuf, in a block of snappy.

Both are written here by hand, forty lines, since a function would have to carry native wheels of two libraries for its own
processor: the message has four kinds of fields, and a block of snappy may consist of literals alone.
Sources: Prometheus Remote-Write 1.0 specification; "Protocol Buffers encoding"; snappy's "format_description.txt".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from govml.telemetry.forwarder.samples import Labels, Sample

HEADERS: Final = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
    "User-Agent": "govml-forwarder",
}
_LITERAL: Final = 65_536
_TWO_BYTES: Final = 61 << 2


def body(samples: Iterable[Sample]) -> bytes:
    """Return the body of a request with these samples; each series' in the order of their times."""
    series: dict[Labels, list[Sample]] = {}
    for sample in sorted(samples, key=lambda each: each.milliseconds):
        series.setdefault(sample.labels, []).append(sample)
    return compressed(b"".join(_message(1, _series(labels, found)) for labels, found in series.items()))


def compressed(plain: bytes) -> bytes:
    """Return a block of snappy: the length, then the bytes as literals."""
    parts = [_varint(len(plain))]
    for start in range(0, len(plain), _LITERAL):
        literal = plain[start : start + _LITERAL]
        parts += [bytes([_TWO_BYTES]), struct.pack("<H", len(literal) - 1), literal]
    return b"".join(parts)


def _series(labels: Labels, samples: Sequence[Sample]) -> bytes:
    named = (_message(1, _message(1, name.encode()) + _message(2, value.encode())) for name, value in labels)
    timed = (
        _message(2, b"\x09" + struct.pack("<d", sample.value) + b"\x10" + _varint(sample.milliseconds))
        for sample in samples
    )
    return b"".join(named) + b"".join(timed)


def _message(field: int, content: bytes) -> bytes:
    """Return a field of the wire type 2, with its length."""
    return bytes([field << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
