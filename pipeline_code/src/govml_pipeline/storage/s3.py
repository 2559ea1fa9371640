"""Objects in S3, through boto3: credentials, region and endpoint come from the job's environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from govml_pipeline.storage.objects import StoredObject

_RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 6})
_ABSENT = ("NoSuchKey", "404", "NotFound", "NoSuchVersion")


class S3Storage:
    """See `Storage`. An object's version is its version id, or its ETag and time where the bucket keeps no versions.

    Args:
        bucket: name of the bucket.
        prefix: prefix below which the objects stand, without slashes at its ends.
        client: S3 client; made from the environment when not given.
    """

    def __init__(self, bucket: str, prefix: str, client: Any = None) -> None:
        self.bucket, self.prefix = bucket, prefix
        self.uri = f"s3://{bucket}/{prefix}"
        self._s3 = client or boto3.client("s3", config=_RETRIES)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Give the objects; S3 lists them sorted by name."""
        start = f"{self.prefix}/"
        with _as_os_error():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start + prefix)
            entries = [entry for page in pages for entry in page.get("Contents", [])]
        for entry in entries:
            version = f"{entry['ETag'].strip(chr(34))}-{entry['LastModified'].timestamp():.0f}"
            yield StoredObject(entry["Key"][len(start) :], entry["Size"], entry["LastModified"], version)

    def open(self, name: str, version: str | None = None) -> BinaryIO:
        """Return the object's body; with a version, S3 refuses another content (`If-Match`)."""
        condition = {"IfMatch": version.rsplit("-", 1)[0]} if version is not None else {}
        with _as_os_error():
            answer = self._s3.get_object(Bucket=self.bucket, Key=self._key(name), **condition)
        return cast(BinaryIO, answer["Body"])

    def read(self, name: str) -> bytes:
        """Read the object."""
        with _as_os_error():
            body: bytes = self._s3.get_object(Bucket=self.bucket, Key=self._key(name))["Body"].read()
            return body

    def write(self, name: str, content: bytes | Path) -> None:
        """Put the object, under the bucket's own encryption; a large file goes up in parts."""
        with _as_os_error():
            if isinstance(content, Path):
                self._s3.upload_file(str(content), self.bucket, self._key(name))
            else:
                self._s3.put_object(Bucket=self.bucket, Key=self._key(name), Body=content)

    def delete(self, name: str) -> None:
        """Delete the object; a bucket with versions keeps what it was."""
        with _as_os_error():
            self._s3.delete_object(Bucket=self.bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}"


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        kind = FileNotFoundError if error.response.get("Error", {}).get("Code") in _ABSENT else OSError
        raise kind(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(str(error)) from error
