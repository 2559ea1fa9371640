"""Files that are either whole or absent: everything is written beside its target and renamed when complete."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder; it replaces `path` on success and is removed on failure.

    Raises:
        OSError: the folder cannot be written to, or the disk is full; `path` is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)  # mkstemp's 0600 would hide an output from the platform's uploader
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def all_or_nothing(folder: Path) -> Iterator[Path]:
    """Yield a staging folder; what is in it moves into `folder` only if the block succeeds.

    It lies inside `folder`, since a container's output folders may be mounts of their own and files are renamed only
    within one. What an earlier run left under the same names is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    try:
        yield staging
        for item in sorted(staging.iterdir()):
            target = folder / item.name
            if target.is_dir():
                shutil.rmtree(target)
            item.replace(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write text (UTF-8, as it is) so that the file is whole or unchanged."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys; NaN and infinity are refused, since no JSON reader has to accept them.

    Raises:
        ValueError: the value holds NaN or infinity.
    """
    write_text(path, json_text(value))


def json_text(value: Any) -> str:
    """JSON as `write_json` writes it.

    Raises:
        ValueError: the value holds NaN or infinity.
    """
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
