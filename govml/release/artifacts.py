"""Model archives and images by their digests: what was approved is what is deployed, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from govml.release.transient import error_code

BASELINE = "baseline.json"
_CHUNK = 4 * 1024**2
# The most that S3 copies in one request (S3 API reference, CopyObject).
_MOST_BYTES = 5 * 1024**3


class ArtifactError(Exception):
    """A model archive or an image that cannot be released; the text says which, and why."""


@dataclass(frozen=True)
class Archive:
    """A model archive as it was read.

    Args:
        digest: SHA-256 of its bytes, hexadecimal.
        etag: S3's tag of the object, which changes with its bytes.
    """

    digest: str
    etag: str


def read_archive(s3: Any, uri: str) -> Archive | None:
    """Return the digest of an archive, read as a stream; None where there is no such object.

    Raises:
        ArtifactError: it is too large to be copied in one request.
    """
    bucket, key = split_uri(uri)
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error_code(error) in {"NoSuchKey", "404"}:
            return None
        raise
    if answer["ContentLength"] > _MOST_BYTES:
        raise ArtifactError(f"{uri} is larger than {_MOST_BYTES // 1024**3} GiB")
    digest = hashlib.sha256()
    for chunk in answer["Body"].iter_chunks(_CHUNK):
        digest.update(chunk)
    return Archive(digest.hexdigest(), answer["ETag"])


def release_archive(s3: Any, source: str, target: str, *, digest: str) -> None:
    """Copy an archive to where it is served from, unless it stands there already; both are checked.

    Args:
        s3: boto3's client of S3.
        source: S3 URI of the archive that was approved.
        target: S3 URI whose key names the digest.
        digest: SHA-256 of what was approved, hexadecimal.

    Raises:
        ArtifactError: the archive is missing, or its bytes are not those that were approved.
    """
    standing = read_archive(s3, target)
    if standing is None:
        approved = read_archive(s3, source)
        if approved is None:
            raise ArtifactError(f"{source} does not exist")
        _require(approved, digest, source)
        bucket, key = split_uri(target)
        origin = dict(zip(("Bucket", "Key"), split_uri(source), strict=True))
        # Only the very bytes that were just read: the copy fails where they have changed since.
        s3.copy_object(Bucket=bucket, Key=key, CopySource=origin, CopySourceIfMatch=approved.etag)
        standing = read_archive(s3, target)
        if standing is None:
            raise ArtifactError(f"{target} was not written")
    _require(standing, digest, target)


def keep_baseline(s3: Any, source: str, archive: str) -> None:
    """Copy the drift engine's baseline beside the released archive, where the monitor of what is live finds it.

    A model without one is released all the same; the monitor then says that it has nothing to compare with.

    Args:
        s3: boto3's client of S3.
        source: S3 URI of the baseline; empty for none.
        archive: S3 URI of the released archive.
    """
    if not source:
        return
    bucket, key = split_uri(archive)
    origin = dict(zip(("Bucket", "Key"), split_uri(source), strict=True))
    target = {"Bucket": bucket, "Key": f"{key.rpartition('/')[0]}/{BASELINE}"}
    if target == origin:  # it came with a model that was promoted, and S3 copies nothing onto itself
        return
    try:
        s3.copy_object(**target, CopySource=origin)
    except ClientError as error:
        if error_code(error) not in {"NoSuchKey", "404"}:
            raise


def _require(archive: Archive, digest: str, uri: str) -> None:
    if archive.digest != digest:
        raise ArtifactError(f"{uri} holds {archive.digest[:12]}..., not what was approved ({digest[:12]}...)")


def resolve_image(ecr: Any, image: str, digest: str = "") -> str:
    """Return an image by its digest, `repository@sha256:...`.

    Args:
        ecr: boto3's client of ECR.
        image: image as it was registered, by tag or digest.
        digest: digest that the registry noted with it (`ImageDigest`), if any.

    Raises:
        ArtifactError: it is no image of ECR, or the repository has no such image.
    """
    repository, _, pinned = image.partition("@")
    digest = digest or pinned
    if pinned and pinned != digest:
        raise ArtifactError(f"{image} was registered with another digest, {digest}")
    host, _, path = repository.partition("/")
    name, _, tag = path.partition(":")
    if digest.startswith("sha256:"):
        return f"{host}/{name}@{digest}"
    account, kind = host.split(".")[0], host.split(".")[1:3]
    if kind != ["dkr", "ecr"] or not name:
        raise ArtifactError(f"{image} is no image of ECR")
    try:
        found = ecr.describe_images(registryId=account, repositoryName=name, imageIds=[{"imageTag": tag or "latest"}])
    except ClientError as error:
        if error_code(error) in {"ImageNotFoundException", "RepositoryNotFoundException"}:
            raise ArtifactError(f"{image} does not exist: build it first") from error
        raise
    return f"{host}/{name}@{found['imageDetails'][0]['imageDigest']}"


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of an S3 URI.

    Raises:
        ArtifactError: it is none.
    """
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket or not key:
        raise ArtifactError(f"{uri!r} is no object of S3")
    return bucket, key
