"""What a log says: lines of telemetry among others."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from govml.telemetry.forwarder.samples import Sample, samples
from govml.telemetry.forwarder.segments import segments

#: Filter pattern of CloudWatch Logs for these lines: the first word of one or the other.
FILTER_PATTERN: Final = "?resourceMetrics ?resourceSpans"


@dataclass
class Told:
    """What lines tell.

    Args:
        metrics: samples of each line with metrics.
        traces: segment documents.
        unread: lines that begin like telemetry and are none.
    """

    metrics: list[list[Sample]] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    unread: int = 0


def messages(event: Mapping[str, Any]) -> list[str]:
    """Return the lines of an event of a subscription (CloudWatch Logs user guide, "Subscription filters with AWS Lambda").

    Raises:
        ValueError: it is no such event.
    """
    try:
        told = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        if told["messageType"] == "CONTROL_MESSAGE":  # whether somebody is there
            return []
        return [str(each["message"]) for each in told["logEvents"]]
    except (KeyError, TypeError, OSError, EOFError, binascii.Error, ValueError) as error:
        raise ValueError(f"no event of a log subscription: {error!r}") from error


def read(lines: Iterable[str]) -> Told:
    """Read what lines tell; one that cannot be read holds up no other."""
    told = Told()
    for line in lines:
        if not line.startswith(('{"resourceMetrics"', '{"resourceSpans"')):
            continue
        try:
            entry = json.loads(line)
            if "resourceMetrics" in entry:
                told.metrics.append(samples(entry))
            else:
                told.traces += segments(entry)
        except ValueError:
            told.unread += 1
    return told
