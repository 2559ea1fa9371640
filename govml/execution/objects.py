"""Copies between S3 and directories, by the rules by which SageMaker feeds and empties a container."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import S3Transfer
from botocore.exceptions import ClientError

from govml.execution.account import error_code, error_text
from govml.execution.failures import StepFailed, disk_full
from govml.execution.manifest import parse_manifest

ALL = slice(None)


def split_uri(uri: Any) -> tuple[str, str]:
    """Split `s3://bucket/key` into bucket and key; the key may be empty or end in a slash.

    Raises:
        StepFailed: it is not an S3 URI.
    """
    bucket, _, key = str(uri).removeprefix("s3://").partition("/")
    if not isinstance(uri, str) or not uri.startswith("s3://") or not bucket:
        raise StepFailed(f"{uri!r} is not an S3 URI")
    return bucket, key


def relative_paths(keys: list[str], prefix: str) -> dict[str, PurePosixPath]:
    """Map the keys that begin with `prefix` to the paths at which SageMaker puts them below the target.

    A prefix that is a folder (with or without its last slash) gives paths below that folder; a prefix that is a
    key, or the beginning of several, gives their names below the prefix's parent, as observed in remote jobs
    (https://github.com/aws/sagemaker-python-sdk/issues/3612). Folder markers, keys that end in a slash, are left out.

    Raises:
        StepFailed: the prefix is both a folder and the beginning of its neighbours, or a key would leave the target.
    """
    found = [key for key in keys if key.startswith(prefix) and not key.endswith("/")]
    folder = prefix if prefix.endswith("/") or not prefix else f"{prefix}/"
    inside = [key for key in found if key.startswith(folder)]
    if inside and len(inside) != len(found):
        stranger = next(key for key in found if not key.startswith(folder))
        raise StepFailed(f"the S3 prefix {prefix} is a folder, but {stranger} begins with it too: end it in a slash")
    root = folder if inside else prefix[: prefix.rfind("/") + 1]
    paths = {key: PurePosixPath(key.removeprefix(root)) for key in found}
    for key, path in paths.items():
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise StepFailed(f"the S3 key {key} has no safe path below a directory")
    return paths


class ObjectStore:
    """The account's S3, with the check that a key (KMS) that an upload names exists and is enabled."""

    def __init__(self, *, s3: Any, kms: Any) -> None:
        self._s3 = s3
        self._transfer = S3Transfer(s3)
        self._kms = kms
        self._known_keys: set[str] = set()
        self._digests: dict[tuple[str, str, int], str] = {}
        self._lock = threading.Lock()

    def list_keys(self, uri: str) -> list[str]:
        """Return all object keys that begin with the URI's key, in S3's order.

        Raises:
            StepFailed: the bucket does not exist or may not be listed.
        """
        bucket, prefix = split_uri(uri)
        try:
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            return [item["Key"] for page in pages for item in page.get("Contents", [])]
        except ClientError as error:
            raise StepFailed(f"cannot list {uri}: {error_text(error)}") from error

    def tags(self, uri: str) -> dict[str, str]:
        """Return the entity tag of every object whose key begins with the URI's, by key.

        Raises:
            StepFailed: the bucket does not exist or may not be listed.
        """
        bucket, prefix = split_uri(uri)
        try:
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}
        except ClientError as error:
            raise StepFailed(f"cannot list {uri}: {error_text(error)}") from error

    def digest(self, uri: str) -> str:
        """Return the SHA-256 digest of one object's bytes; an object is read once while it stays what it is.

        Raises:
            StepFailed: there is no such object.
        """
        bucket, key = split_uri(uri)
        try:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
            known = (uri, answer["ETag"], answer["ContentLength"])
            if known not in self._digests:
                total = hashlib.sha256()
                for chunk in answer["Body"].iter_chunks(1 << 20):
                    total.update(chunk)
                self._digests[known] = total.hexdigest()
            answer["Body"].close()
        except ClientError as error:
            raise StepFailed(f"there is no object {uri} ({error_code(error)})") from error
        return self._digests[known]

    def read(self, uri: str) -> bytes:
        """Return one object's bytes.

        Raises:
            StepFailed: there is no such object.
        """
        bucket, key = split_uri(uri)
        try:
            body: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise StepFailed(f"there is no object {uri} ({error_code(error)})") from error
        return body

    def download(self, uri: str, target: Path, *, share: slice = ALL) -> int:
        """Copy everything below a prefix, or one object, into `target`; return the number of files.

        Args:
            uri: prefix or object.
            target: directory.
            share: which of the objects, in the order of their keys; at least one must exist, whatever the share.

        Raises:
            StepFailed: nothing matches, as SageMaker fails a job whose input is empty.
        """
        bucket, prefix = split_uri(uri)
        paths = relative_paths(self.list_keys(uri), prefix)
        if not paths:
            raise StepFailed(f"there is no S3 object under {uri}")
        chosen = sorted(paths.items())[share]
        for key, path in chosen:
            self._download(bucket, key, target / path)
        return len(chosen)

    def download_listed(self, uri: str, target: Path, *, share: slice = ALL) -> int:
        """Copy the objects that a manifest lists into `target`, under their names in it; return their number.

        Args:
            uri: the manifest.
            target: directory.
            share: which of the objects, in the manifest's order.

        Raises:
            StepFailed: the manifest or one of its objects is missing, or it is no sound manifest.
        """
        listed = parse_manifest(self.read(uri), uri=uri)[share]
        for item, path in listed:
            self._download(*split_uri(item), target / path)
        return len(listed)

    def _download(self, bucket: str, key: str, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._transfer.download_file(bucket, key, str(file))
        except ClientError as error:
            raise StepFailed(f"cannot download s3://{bucket}/{key}: {error_text(error)}") from error
        except OSError as error:
            if disk_full(error):
                raise
            raise StepFailed(f"s3://{bucket}/{key} cannot be kept as {file.name}: {error.strerror}") from error

    def upload(self, file: Path, uri: str, *, kms_key: str | None) -> str:
        """Copy one file to exactly `uri`, encrypted with `kms_key` if there is one; return the URI.

        Raises:
            StepFailed: the bucket refuses the object or the key is unusable.
        """
        bucket, key = split_uri(uri)
        try:
            self._transfer.upload_file(str(file), bucket, key, extra_args=self._encryption(kms_key))
        except S3UploadFailedError as error:
            raise StepFailed(f"cannot upload {uri}: {error}") from error
        return uri

    def upload_tree(self, directory: Path, uri: str, *, kms_key: str | None) -> list[str]:
        """Copy every file below `directory` to the prefix `uri`; return their URIs, sorted.

        Raises:
            StepFailed: there is a symbolic link, which SageMaker does not follow and would leave out.
        """
        uploaded = []
        for file in sorted(directory.rglob("*")):
            name = file.relative_to(directory).as_posix()
            if file.is_symlink():
                raise StepFailed(f"the output has the symbolic link {name}, which SageMaker does not upload")
            if file.is_file():
                uploaded.append(self.upload(file, f"{uri.rstrip('/')}/{name}", kms_key=kms_key))
        return uploaded

    def require_key(self, kms_key: str) -> None:
        """Check that a KMS key exists and is enabled; asked once per key.

        Raises:
            StepFailed: it does not exist or is disabled.
        """
        with self._lock:
            if kms_key in self._known_keys:
                return
            try:
                state = self._kms.describe_key(KeyId=kms_key)["KeyMetadata"]["KeyState"]
            except ClientError as error:
                raise StepFailed(f"there is no KMS key {kms_key} in the account ({error_code(error)})") from error
            if state != "Enabled":
                raise StepFailed(f"the KMS key {kms_key} is {state}, not Enabled")
            self._known_keys.add(kms_key)

    def _encryption(self, kms_key: str | None) -> Mapping[str, str]:
        if not kms_key:
            return {}  # the bucket's own default encryption applies
        self.require_key(kms_key)
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key}
