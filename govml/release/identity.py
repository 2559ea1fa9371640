"""Who did something: a role and a person, as AWS's own records name them. Nobody's own word is taken.

CloudTrail's `userIdentity` holds, for an assumed role, the session's ARN and in `sessionContext` the role that issued it
and the source identity (CloudTrail user guide, "CloudTrail userIdentity element"). SageMaker's `UserContext` holds the
session's ARN, the source identity and, from Studio, the user profile (API reference, `UserContext`, `IamIdentity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Names that tools give to a session when nobody names it: they say nothing about the person.
_NOBODY = re.compile(
    r"botocore-session-\d+|aws-?cli-session(-\d+)?|aws-(sdk|go-sdk)-.*|\d{8,}|i-[0-9a-f]{8,17}|default", re.I
)
_SESSION = re.compile(r"arn:[^:]+:sts::(\d{12}):assumed-role/([^/]+)/(.+)")


@dataclass(frozen=True)
class Identity:
    """A caller.

    Args:
        arn: ARN of the role's session, or of what else called.
        account: 12-digit account of the role; empty when the caller held no role.
        role: name of the role, without its path; empty likewise.
        names: names by which the person is known, in lower case: source identity, session name, user profile.
    """

    arn: str
    account: str = ""
    role: str = ""
    names: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """What a ledger writes: `person (role)`."""
        person = ", ".join(sorted(self.names))
        return f"{person} ({self.role})" if person and self.role else person or self.role or self.arn or "unknown"

    def is_same_person(self, other: Identity) -> bool:
        """Whether both have a name in common."""
        return bool(self.names & other.names)


NOBODY = Identity(arn="")


def from_cloudtrail(user: Mapping[str, Any]) -> Identity:
    """Return the caller that a CloudTrail record tells of; without a role unless it was one that was assumed."""
    arn = str(user.get("arn") or user.get("principalId") or user.get("invokedBy") or "")
    context = user.get("sessionContext") or {}
    issuer = context.get("sessionIssuer") or {}
    session = _SESSION.fullmatch(arn)
    if user.get("type") != "AssumedRole" or session is None:
        return Identity(arn=arn)
    account, role, name = session.groups()
    if issuer.get("userName", role) != role:
        return Identity(arn=arn)  # a record that contradicts itself names nobody
    return Identity(arn=arn, account=account, role=role, names=_names([name, context.get("sourceIdentity")]))


def from_user_context(context: Mapping[str, Any] | None) -> Identity:
    """Return the caller that SageMaker notes as `CreatedBy` or `LastModifiedBy`."""
    known = context or {}
    identity = known.get("IamIdentity") or {}
    arn = str(identity.get("Arn") or known.get("UserProfileArn") or "")
    session = _SESSION.fullmatch(arn)
    account, role, name = session.groups() if session else ("", "", "")
    return Identity(
        arn=arn,
        account=account,
        role=role,
        names=_names([name, identity.get("SourceIdentity"), known.get("UserProfileName")]),
    )


def person(name: str) -> Identity:
    """Return a person who is known by name only, as an agency file lists one."""
    return Identity(arn="", names=_names([name]))


def _names(given: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in given if name and not _NOBODY.fullmatch(name.strip()))
