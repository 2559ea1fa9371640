"""`CodeArchive`: the pipeline's code as one zip application, named by its content."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import PlacedConstruct

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: bytes must not depend on the clock
_SUFFIXES = frozenset({".py", ".json", ".yaml", ".yml", ".html", ".toml", ".typed"})
_NOT_CODE = frozenset({"__pycache__", "tests"})


ReadFolders = dict[Path, list[tuple[str, bytes]]]
"""Folder -> place below it and content of each of its files. Every use case's archive holds the same package."""


class CodeArchive(PlacedConstruct):
    """A content-hashed zip of Python sources in the CDK asset bucket; Python runs it by its `__main__.py`.

    Args:
        sources: folder or file in the repository -> where it stands in the archive.
        build_folder: where the archive is written before the CDK command line publishes it.
        read: what of the folders has been read for other archives of the same synth.

    Attributes:
        uri: S3 URI of the archive.
        file_name: last part of the URI, under which a job finds it in its input folder.
        digest: SHA-256 of the archive, hexadecimal.

    Raises:
        FileNotFoundError: when a source does not exist.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        sources: Mapping[Path, str],
        build_folder: Path,
        read: ReadFolders | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        content = archive_bytes(sources, read=read)
        self.digest = _digest(content)
        asset = assets.Asset(self, "Asset", path=str(write_archive(content, build_folder)))
        self.asset = asset
        self.uri = asset.s3_object_url
        self.file_name = asset.s3_object_key
        self._bucket_arn = asset.bucket.bucket_arn

    def read_statements(self) -> list[Statement]:
        """Return the right to read exactly this object.

        A job's input of the kind `S3Prefix` is listed before it is read, whatever it names.
        """
        only_this = {"StringEquals": {"s3:prefix": self.file_name}}
        return [
            Statement(sid="ReadCode", actions=["s3:GetObject"], resources=[f"{self._bucket_arn}/{self.file_name}"]),
            Statement(sid="FindCode", actions=["s3:ListBucket"], resources=[self._bucket_arn], conditions=only_this),
        ]


def write_archive(content: bytes, build_folder: Path) -> Path:
    """Write an archive under a name that its content gives it, unless it stands there, and return its path."""
    path = build_folder / f"code-{_digest(content)[:16]}.zip"
    if not path.exists():
        build_folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")  # a write that breaks off must not look like the archive
        part.write_bytes(content)
        part.replace(path)
    return path


def archive_bytes(
    sources: Mapping[Path, str], texts: Mapping[str, str] | None = None, *, read: ReadFolders | None = None
) -> bytes:
    """Return a zip whose bytes depend on the names and contents of the sources alone.

    Args:
        sources: folder or file -> place in the archive.
        texts: place in the archive -> what stands there, for files that a synth makes.
        read: what of the folders has been read already, to which this adds.

    Raises:
        FileNotFoundError: when a source does not exist.
    """
    made = ((place, text.encode()) for place, text in (texts or {}).items())
    return _zipped(tuple(sorted([*_entries(sources, {} if read is None else read), *made])))


@lru_cache(maxsize=16)
def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=16)
def _zipped(entries: tuple[tuple[str, bytes], ...]) -> bytes:
    """Return the zip of sorted entries; use cases with the same code, and the pipelines of one, ask for the same."""
    buffer = io.BytesIO()
    # Stored, not compressed: the bytes then do not depend on the machine's zlib either, and sources are small.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def _entries(sources: Mapping[Path, str], read: ReadFolders) -> Iterator[tuple[str, bytes]]:
    for source, place in sources.items():
        if source in read or source.is_dir():
            if source not in read:
                read[source] = list(_files(source))
            for relative, content in read[source]:
                yield f"{place}/{relative}", content
        elif source.is_file():
            yield place, source.read_bytes()
        else:
            raise FileNotFoundError(f"{source}: no such source for the code archive")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return place below the folder and content of each file that is code."""
    waiting = [(os.fspath(folder), "")]
    while waiting:
        place, below = waiting.pop()
        with os.scandir(place) as found:
            for each in found:
                if each.is_dir():
                    if each.name not in _NOT_CODE and not each.is_symlink():
                        waiting.append((each.path, f"{below}{each.name}/"))
                # the definition names the archive, so it cannot be inside it without changing what it names
                elif os.path.splitext(each.name)[1] in _SUFFIXES and each.name != "definition.json":  # noqa: PTH122
                    yield f"{below}{each.name}", Path(each.path).read_bytes()
