"""What a place for objects can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class StoredObject:
    """One object as it is listed.

    Args:
        name: name below the prefix, with `/` between its parts, exactly as it is stored.
        size: bytes.
        modified: when it was put there, with time zone.
        version: tells this content apart from others that the name had before or gets later.
    """

    name: str
    size: int
    modified: datetime
    version: str


class Storage(Protocol):
    """Objects below one prefix. A written object is there whole or not at all.

    Every operation raises `OSError` when the place refuses or cannot be reached.
    """

    #: `s3://bucket/prefix` or `file:///folder`, without a slash at the end.
    uri: str

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Give the objects whose names start with `prefix`, sorted by name."""
        ...

    def open(self, name: str, version: str | None = None) -> BinaryIO:
        """Return a stream of the object's bytes; with a version, of exactly that one."""
        ...

    def read(self, name: str) -> bytes:
        """Return a small object's bytes.

        Raises:
            FileNotFoundError: there is no such object.
        """
        ...

    def write(self, name: str, content: bytes | Path) -> None:
        """Put an object in place of whatever had the name; a path is uploaded without being read as a whole."""
        ...

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens where there is none."""
        ...
