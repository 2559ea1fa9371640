"""`ZoneGrants`: which roles for people read and write a zone; the zone's own bucket policy says so, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_READ_OBJECTS = ["s3:GetObject", "s3:GetObjectVersion"]
_WRITE_OBJECTS = ["s3:PutObject", "s3:AbortMultipartUpload"]


@dataclass(frozen=True)
class ZoneGrants:
    """Who of the roles for people reaches a zone's content. All are ARNs of roles that exist.

    A named role needs no further permission of its own (IAM user guide, "Policy evaluation for requests within a single
    account"), so who reads a zone stands in one place, under its owner's duty.

    Args:
        readers: may list and read.
        writers: may list, read and write; deleting a version is nobody's.
        result_writers: may write below `athena-results/`, where their queries' results go.
        closed_to: may do none of it, whatever their own policies say.
    """

    readers: Sequence[str] = ()
    writers: Sequence[str] = ()
    result_writers: Sequence[str] = ()
    closed_to: Sequence[str] = ()

    def statements(self, bucket_arn: str) -> Iterator[dict[str, object]]:
        """Give the bucket policy's statements."""
        objects, seers = f"{bucket_arn}/*", [*self.readers, *self.writers]
        if seers:
            look = ["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket", "s3:ListBucketVersions"]
            yield _statement("ListByNamedRoles", seers, look, bucket_arn)
            yield _statement("ReadByNamedRoles", seers, _READ_OBJECTS, objects)
        if self.writers:
            yield _statement("WriteByNamedRoles", self.writers, _WRITE_OBJECTS, objects)
        if self.result_writers:
            results = f"{bucket_arn}/athena-results/*"
            yield _statement("WriteQueryResults", self.result_writers, _WRITE_OBJECTS, results)
        if self.closed_to:
            actions = [*_READ_OBJECTS, *_WRITE_OBJECTS, "s3:DeleteObject", "s3:DeleteObjectVersion"]
            yield _statement("ClosedToNamedRoles", self.closed_to, actions, objects, effect="Deny")


def _statement(
    sid: str, roles: Sequence[str], actions: Sequence[str], resource: str, *, effect: str = "Allow"
) -> dict[str, object]:
    return {
        "Sid": sid,
        "Effect": effect,
        "Principal": {"AWS": list(roles)},
        "Action": list(actions),
        "Resource": resource,
    }
