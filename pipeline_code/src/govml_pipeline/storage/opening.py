"""From an address to the storage behind it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from govml_pipeline.errors import UserError
from govml_pipeline.storage.folder import FolderStorage
from govml_pipeline.storage.objects import Storage


def open_storage(uri: str) -> Storage:
    """Return the storage of an `s3://bucket/prefix`, a `file:///folder` or a plain path.

    Raises:
        UserError: another kind of address, or S3 without a bucket or prefix.
    """
    parts = urlsplit(uri)
    if parts.scheme == "s3":
        prefix = parts.path.strip("/")
        if not parts.netloc or not prefix:
            raise UserError(f"{uri}: names no bucket and prefix", hint="write s3://BUCKET/PREFIX")
        from govml_pipeline.storage.s3 import S3Storage

        return S3Storage(parts.netloc, prefix)
    if parts.scheme == "file":
        return FolderStorage(Path(unquote(parts.path)))
    if parts.scheme and "://" in uri:
        raise UserError(f"{uri}: no kind of storage that is known", hint="write s3://BUCKET/PREFIX or a folder's path")
    return FolderStorage(Path(uri))
