"""What an object's event says (S3 user guide, "Using EventBridge", "Event message structure")."""

from __future__ import annotations

import json
from collections.abc import Container

SUFFIXES = (".csv", ".csv.gz")


class StrangeEvent(Exception):
    """A message that is no event of a delivered file; its text says why."""


def source_of(body: str, bucket: str, sources: Container[str]) -> str:
    """Return the prefix of the data source whose file was delivered.

    Args:
        body: the message, an EventBridge event as JSON.
        bucket: bucket of the raw zone.
        sources: prefixes of the known sources.

    Raises:
        StrangeEvent: it is something else, or a file of no known source.
    """
    try:
        detail = json.loads(body)["detail"]
        named, key = detail["bucket"]["name"], detail["object"]["key"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StrangeEvent("not the event of an object in S3") from error
    if not isinstance(named, str) or not isinstance(key, str):
        raise StrangeEvent("bucket and key are not both texts")
    if named != bucket:
        raise StrangeEvent(f"bucket {named} is not the raw zone")
    source, slash, name = key.partition("/")
    if not slash or not name.endswith(SUFFIXES):
        raise StrangeEvent(f"{key} is no CSV file below the prefix of a source")
    if source not in sources:
        raise StrangeEvent(f"{source} is no data source of this environment")
    return source
