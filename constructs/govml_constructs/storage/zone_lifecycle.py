"""`ZoneLifecycle`: what becomes of a zone's objects as they grow old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

_VERSIONS_OF_EXPIRED = 1
"""Days; the fewest that S3 takes."""


@dataclass(frozen=True)
class ZoneLifecycle:
    """Rules by prefix; an empty prefix is the whole zone.

    Args:
        cool_after: prefix -> days until its objects move to infrequent access, at least 30 (S3 user guide,
            "Transitioning objects using Amazon S3 Lifecycle").
        expire_after: prefix -> days until its objects are deleted, and their versions a day later: of two rules S3 takes
            the shorter time (S3 user guide, "How Amazon S3 handles conflicts in lifecycle configurations"), so the
            bucket's own rule for versions does not keep what has expired.

    Raises:
        ValueError: fewer than 30 days until objects move, or none until they are deleted.
    """

    cool_after: Mapping[str, int] = field(default_factory=dict)
    expire_after: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if early := [prefix for prefix, days in self.cool_after.items() if days < 30]:
            raise ValueError(f"objects below {early[0]!r} move after 30 days at the earliest")
        if early := [prefix for prefix, days in self.expire_after.items() if days < 1]:
            raise ValueError(f"objects below {early[0]!r} are deleted after a day at the earliest")

    def rules(self) -> list[s3.LifecycleRule]:
        """Return the bucket's rules, each with a name that says what it does."""
        moved = [
            s3.LifecycleRule(
                id=f"cool-{_slug(prefix)}",
                prefix=prefix or None,
                transitions=[
                    s3.Transition(storage_class=s3.StorageClass.INFREQUENT_ACCESS, transition_after=_days(days))
                ],
            )
            for prefix, days in self.cool_after.items()
        ]
        deleted = [
            s3.LifecycleRule(
                id=f"expire-{_slug(prefix)}",
                prefix=prefix or None,
                expiration=_days(days),
                noncurrent_version_expiration=_days(_VERSIONS_OF_EXPIRED),
            )
            for prefix, days in self.expire_after.items()
        ]
        return [*moved, *deleted]


def _slug(prefix: str) -> str:
    return prefix.strip("/").replace("/", "-") or "all"


@cache
def _days(number: int) -> Duration:
    """Return a duration in days; every bucket and prefix has the same few, and each asked of CDK is a call."""
    return Duration.days(number)
