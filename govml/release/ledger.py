"""`Ledger`: the deployment ledger of one use case, as locked objects of the evidence bucket.

Each entry is one object, `ledger/<use case>/<sequence>.json`, written with `If-None-Match: *`: S3 takes it only where
no such object exists (S3 user guide, "Preventing object overwrites with conditional writes"), so two writers never get
the same place. It holds the digest of the entry before, so that a changed entry breaks the chain, and Object Lock keeps
each object as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.release.entry import FIRST, Action, Entry, EntryError, Evidence, read_entry

_DIGITS = 10
# Another writer won the place (412), or is about to (409, where S3 asks to try again).
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
_MOST_TRIES = 20


class LedgerError(UserError):
    """A ledger that cannot be trusted, or cannot be written to."""


class Ledger:
    """Read, append to and verify the ledger of one use case.

    Args:
        s3: boto3's client of S3.
        bucket: name of the environment's evidence bucket.
        slug: name of the use case as AWS takes it, such as `hdb-resale`.
        now: the time; a test gives its own.
    """

    def __init__(self, s3: Any, bucket: str, slug: str, *, now: Callable[[], datetime] | None = None) -> None:
        self._s3, self._bucket, self._slug = s3, bucket, slug
        self._now = now or (lambda: datetime.now(UTC))
        self._known: list[Entry] = []  # entries never change, so what was read once is not read again

    @property
    def prefix(self) -> str:
        """What the key of every entry starts with."""
        return f"ledger/{self._slug}/"

    def key(self, sequence: int) -> str:
        """Return the key of an entry by its place, from 1."""
        return f"{self.prefix}{sequence:0{_DIGITS}d}.json"

    def uri(self, sequence: int) -> str:
        """Return the S3 URI of an entry by its place, from 1."""
        return f"s3://{self._bucket}/{self.key(sequence)}"

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first. Each is checked against the one before as it is read.

        Raises:
            LedgerError: an entry is missing, cannot be read, or does not follow from the one before.
        """
        present = [each["Key"] for each in self._pages("list_objects_v2", "Contents")]
        for place, key in enumerate(present, start=1):
            if key != self.key(place):
                raise LedgerError(f"s3://{self._bucket}/{key}: the ledger lacks entry {place}", hint=_HINT)
            if place > len(self._known):
                self._known.append(self._read(place))
        return tuple(self._known)

    def append(
        self,
        action: Action,
        *,
        environment: str,
        version: int = 0,
        model_digest: str = "",
        image: str = "",
        who: str = "",
        why: str = "",
        evidence: Iterable[Evidence] = (),
        unless: Callable[[Sequence[Entry]], bool] | None = None,
    ) -> Entry | None:
        """Write one entry at the end and return it.

        Args:
            action: what was done.
            environment: `dev`, `uat` or `prod`.
            version: version of the model package, 0 for none.
            model_digest: SHA-256 of the model archive, hexadecimal.
            image: container image with its digest.
            who: the person or role that did it.
            why: the reason, in a sentence.
            evidence: documents that it rests on.
            unless: asked about the entries that stand before it, again after each lost race; when it says yes, nothing
                is written. So a step that is repeated, or done by two at once, is told once.

        Returns:
            The entry, or None where `unless` said yes.

        Raises:
            LedgerError: the ledger is damaged, or its end was always taken by others.
        """
        documents = tuple(evidence)
        for _ in range(_MOST_TRIES):
            before = self.entries()
            if unless and unless(before):
                return None
            entry = Entry(
                sequence=len(before) + 1,
                previous=before[-1].digest if before else FIRST,
                at=self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                action=action,
                use_case=self._slug,
                environment=environment,
                version=version,
                model_digest=model_digest,
                image=image,
                who=who,
                why=why,
                evidence=documents,
            )
            if self._write(entry):
                self._known.append(entry)
                return entry
        raise LedgerError(
            f"s3://{self._bucket}/{self.prefix}: others took the next place {_MOST_TRIES} times", hint="try again"
        )

    def verify(self) -> tuple[Entry, ...]:
        """Read the whole ledger afresh and return it; refuse it where anything was changed, removed or written twice.

        Raises:
            LedgerError: what is wrong, and at which object.
        """
        self._known = []
        entries = self.entries()
        versions = [each["Key"] for each in self._pages("list_object_versions", "Versions")]
        removed = [each["Key"] for each in self._pages("list_object_versions", "DeleteMarkers")]
        twice = sorted({key for key in versions if versions.count(key) > 1})
        if removed or twice:
            key = (removed or twice)[0]
            raise LedgerError(f"s3://{self._bucket}/{key} was {'deleted' if removed else 'written again'}", hint=_HINT)
        return entries

    def _write(self, entry: Entry) -> bool:
        key, content = self.key(entry.sequence), entry.as_bytes()
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",  # S3 refuses a write under Object Lock that carries no checksum
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
            # Our own earlier try may have arrived although its answer did not.
            return self._present(key) == content
        return True

    def _present(self, key: str) -> bytes | None:
        try:
            return bytes(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except self._s3.exceptions.NoSuchKey:
            return None

    def _read(self, place: int) -> Entry:
        content = self._s3.get_object(Bucket=self._bucket, Key=self.key(place))["Body"].read()
        try:
            entry = read_entry(content)
        except EntryError as error:
            raise LedgerError(f"{self.uri(place)} is no entry: {error}", hint=_HINT) from error
        expected = self._known[-1].digest if self._known else FIRST
        if (entry.sequence, entry.use_case) != (place, self._slug):
            raise LedgerError(f"{self.uri(place)} holds entry {entry.sequence} of {entry.use_case}", hint=_HINT)
        if entry.previous != expected:
            raise LedgerError(f"{self.uri(place)} does not follow from the entry before it", hint=_HINT)
        return entry

    def _pages(self, operation: str, part: str) -> Iterable[Any]:
        for page in self._s3.get_paginator(operation).paginate(Bucket=self._bucket, Prefix=self.prefix):
            yield from page.get(part, ())


_HINT = "the ledger was altered: stop releases, and compare the objects' versions and the bucket's access logs"
