"""Copies of released objects, checked by their digests; what stands at the target already is compared, not replaced."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from dataclasses import dataclass
from typing import IO, Any

from botocore.exceptions import ClientError

from govml.errors import UserError

_CHUNK = 1 << 20
# Up to here an archive is held in memory; larger ones go through a file (the Lambda and build hosts have some disk).
_IN_MEMORY = 32 << 20
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


@dataclass(frozen=True)
class Address:
    """One object.

    Args:
        s3: client that reaches it.
        bucket: its bucket.
        key: its key.
    """

    s3: Any
    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """Its S3 URI."""
        return f"s3://{self.bucket}/{self.key}"


def copy(source: Address, target: Address, *, expected: str | None = None) -> str:
    """Copy an object and return the SHA-256 of its bytes, hexadecimal.

    The target is written only where nothing stands, so that what was once handed in stays what it was.

    Args:
        source: where it comes from.
        target: where it goes.
        expected: SHA-256 that it must have; nothing is written otherwise.

    Raises:
        UserError: the source has other bytes than expected, or the target holds other bytes than the source.
        ClientError: the service refuses.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        digest = _fetch(source, held)
        if expected is not None and digest.hex() != expected:
            raise UserError(
                f"{source.uri} is not what was released: its digest is {digest.hex()}, the ledger says {expected}",
                hint="nothing was copied; find out who changed it before anything is promoted",
            )
        held.seek(0)
        try:
            target.s3.put_object(
                Bucket=target.bucket,
                Key=target.key,
                Body=held,
                ChecksumSHA256=base64.b64encode(digest).decode(),  # S3 refuses other bytes than these
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
            if digest_of(target) != digest.hex():
                raise UserError(
                    f"{target.uri} holds something else already",
                    hint="nothing was replaced; find out who wrote it, and remove it by hand",
                ) from error
    return digest.hex()


def digest_of(address: Address) -> str:
    """Return the SHA-256 of an object's bytes, hexadecimal.

    Raises:
        ClientError: it cannot be read.
    """
    return _fetch(address, None).hex()


def _fetch(address: Address, into: IO[bytes] | None) -> bytes:
    digest = hashlib.sha256()
    for chunk in address.s3.get_object(Bucket=address.bucket, Key=address.key)["Body"].iter_chunks(_CHUNK):
        digest.update(chunk)
        if into is not None:
            into.write(chunk)
    return digest.digest()
