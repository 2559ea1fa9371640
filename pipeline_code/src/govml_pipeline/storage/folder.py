"""Objects in a folder of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from govml_pipeline.files import replacing
from govml_pipeline.storage.objects import StoredObject


class FolderStorage:
    """See `Storage`. An object's version is its time of change and its size.

    Args:
        folder: made when the first object is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.uri = self.folder.as_uri()

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Give the files below the folder; links are not followed out of it."""
        found = []
        for path in self.folder.rglob("*") if self.folder.is_dir() else ():
            name = path.relative_to(self.folder).as_posix()
            if name.startswith(prefix) and path.is_file() and not path.is_symlink():
                status = path.stat()
                modified = datetime.fromtimestamp(status.st_mtime, UTC)
                found.append(StoredObject(name, status.st_size, modified, f"{status.st_mtime_ns}-{status.st_size}"))
        yield from sorted(found, key=lambda each: each.name)

    def open(self, name: str, version: str | None = None) -> BinaryIO:
        """Open a file."""
        path = self._path(name)
        stream = path.open("rb")
        status = path.stat()
        if version is not None and version != f"{status.st_mtime_ns}-{status.st_size}":
            stream.close()
            raise OSError(f"{name} has changed since it was listed")
        return stream

    def read(self, name: str) -> bytes:
        """Read a file."""
        return self._path(name).read_bytes()

    def write(self, name: str, content: bytes | Path) -> None:
        """Write a file beside its target and rename it."""
        with replacing(self._path(name)) as temporary:
            if isinstance(content, Path):
                shutil.copyfile(content, temporary)
            else:
                temporary.write_bytes(content)

    def delete(self, name: str) -> None:
        """Remove a file."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder):
            raise PermissionError(f"{name} lies outside {self.folder}")
        return path
