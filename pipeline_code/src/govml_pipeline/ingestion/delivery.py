"""Deliveries: the objects in the raw zone that an agency has dropped there, in the order in which they count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from govml_pipeline.storage import Storage, StoredObject

SUFFIXES = (".csv", ".csv.gz")
#: Files below this folder are complete for every month that they hold, whatever the contract says of other files.
COMPLETE = "complete/"


@dataclass(frozen=True)
class Delivery:
    """One version of one delivered file.

    Args:
        id: digest of what identifies it: source, name and version.
        name: name below the source's raw prefix.
        version: version of the content under that name.
        delivered_at: when it was delivered (UTC); of two files with the same record, the later one is right.
        size: bytes.
    """

    id: str
    name: str
    version: str
    delivered_at: datetime
    size: int

    @property
    def order(self) -> tuple[datetime, str, str]:
        """What deliveries are sorted by: time, then name, then version, so that there is always one order."""
        return self.delivered_at, self.name, self.version


def list_deliveries(raw: Storage, source: str) -> list[Delivery]:
    """Return everything that was delivered, in order. Folder markers and hidden objects are not deliveries.

    Raises:
        OSError: the raw zone cannot be listed.
    """
    return sorted((_delivery(each, source) for each in raw.list() if _is_delivery(each)), key=lambda each: each.order)


def bad_name(name: str) -> str | None:
    """Return why a name is refused, or None: it is shown in reports and pages, and must lead nowhere else."""
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return "the name holds control characters"
    if "\\" in name or name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")):
        return "the name holds a path (a backslash, an empty part, `.` or `..`)"
    if not name.endswith(SUFFIXES):
        return f"not a {' or '.join(SUFFIXES)} file"
    return None


def _is_delivery(stored: StoredObject) -> bool:
    last = stored.name.rsplit("/", 1)[-1]
    return bool(last) and not last.startswith((".", "_"))


def _delivery(stored: StoredObject, source: str) -> Delivery:
    identity = hashlib.sha256("\n".join((source, stored.name, stored.version)).encode()).hexdigest()
    return Delivery(identity[:32], stored.name, stored.version, stored.modified, stored.size)
