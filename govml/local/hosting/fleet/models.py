"""Model archives from the account's S3, unpacked once for each content."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Protocol

from govml.errors import UserError
from govml.execution.archive import extract_archive

_CHUNK = 1 << 20


class ModelSource(Protocol):
    """Where the files of a model come from."""

    def fetch(self, uri: str) -> Path:
        """Return the folder of an unpacked archive.

        Raises:
            UserError: there is no such archive, or it is damaged.
        """
        ...


class ModelStore:
    """Fetches `model.tar.gz` archives and keeps what they hold by their digests.

    Args:
        s3: boto3 client of S3.
        folder: where the unpacked models are kept.
    """

    def __init__(self, s3: Any, folder: Path) -> None:
        self._s3 = s3
        self._folder = folder
        self._lock = threading.Lock()

    def fetch(self, uri: str) -> Path:
        """Return the folder of an archive's content; an archive seen before is not unpacked again."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock, tempfile.TemporaryDirectory(dir=self._folder, prefix=".fetch-") as temporary:
            archive, content = Path(temporary, "model.tar.gz"), Path(temporary, "model")
            digest = self._download(bucket, key, archive, uri)
            target = self._folder / digest
            if not target.exists():
                content.mkdir()
                extract_archive(archive, content)
                shutil.move(content, target)
        return target

    def _download(self, bucket: str, key: str, archive: Path, uri: str) -> str:
        from botocore.exceptions import ClientError

        total = hashlib.sha256()
        try:
            body = self._s3.get_object(Bucket=bucket, Key=key)["Body"]
            with archive.open("wb") as out:
                for chunk in body.iter_chunks(_CHUNK):
                    total.update(chunk)
                    out.write(chunk)
        except ClientError as error:
            raise UserError(f"the model archive {uri} cannot be read: {error}") from error
        return total.hexdigest()
