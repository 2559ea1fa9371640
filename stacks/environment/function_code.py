"""The archive of a function whose code is a part of this repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from govml_constructs.ml.code_archive import archive_bytes, write_archive
from stacks.environment.context import REPOSITORY
from stacks.environment.job_code import BUILD_FOLDER


def function_archive(parts: Sequence[str], also: Mapping[Path, str] | None = None) -> Path:
    """Write the archive and return where it lies; the same content gives the same file.

    Args:
        parts: files and folders relative to the repository, which stand in the archive by the same names.
        also: further files -> where they stand in the archive.
    """
    sources = {REPOSITORY / part: part for part in parts}
    return write_archive(archive_bytes({**sources, **(also or {})}), BUILD_FOLDER)
