"""Events as EventBridge delivers them: hints that something changed, some with a claim of who did what.

SageMaker's own events of a model package do not tell who acted; CloudTrail's record of `UpdateModelPackage` does. So the
first only make the release look, and the second carry approvals and sign-offs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from govml.release.identity import Identity, from_cloudtrail

SIGN_OFF = "signed-off."
"""Key of a model package's metadata by which a consumer signs off, followed by the consumer's role."""
MARKER = "govml-release"
"""Key of the tag on a model package group by which people freeze releases or end the service."""
FROZEN, OPEN, RETIRED = "frozen", "open", "retired"
"""Its values."""
APPROVED = "Approved"


@dataclass(frozen=True)
class Claim:
    """One person's approval or sign-off of one version, or an order about all of them, as CloudTrail recorded it.

    Args:
        kind: what it is.
        version: version of the model package; 0 for an order.
        at: when, ISO 8601 in UTC, to the second.
        event: CloudTrail's id of the record.
        who: the caller.
        value: of a sign-off, the consumer in whose name it was made; of an order, the marker's value.
    """

    kind: Literal["approval", "sign-off", "order"]
    version: int
    at: str
    event: str
    who: Identity
    value: str = ""

    @property
    def uri(self) -> str:
        """How a ledger's entry refers to the record."""
        return f"cloudtrail:{self.kind}/{self.at}/{self.event}"


@dataclass(frozen=True)
class Hint:
    """What one event says.

    Args:
        group: name of the model package group that it is about; empty for all.
        claims: what it claims.
    """

    group: str
    claims: tuple[Claim, ...] = ()


def read_event(event: Mapping[str, Any]) -> Hint | None:
    """Return what an event says, or None where it is about nothing that a release knows.

    A stack's event is about the use case in the stack's name; the schedule's is about all.
    """
    kind, detail = event.get("detail-type"), event.get("detail") or {}
    if kind == "Scheduled Event":
        return Hint("")
    if kind == "SageMaker Model Package State Change":
        group = detail.get("ModelPackageGroupName") or _group(str(detail.get("ModelPackageArn") or ""))[0]
        return Hint(group) if group else None
    if kind == "CloudFormation Stack Status Change":
        name = str(detail.get("stack-id") or "").split("/")
        prefix, found, slug = name[1].partition("-Serving-") if len(name) > 1 else ("", "", "")
        return Hint(f"{prefix}-{slug}") if found else None
    if kind == "AWS API Call via CloudTrail" and not detail.get("errorCode"):
        read = {"UpdateModelPackage": _update, "AddTags": _mark}.get(str(detail.get("eventName")))
        return read(detail, detail.get("requestParameters") or {}) if read else None
    return None


def _update(detail: Mapping[str, Any], request: Mapping[str, Any]) -> Hint | None:
    group, version = _group(str(request.get("modelPackageArn") or ""))
    if not version:
        return None
    common = {"version": version, **_record(detail)}
    claims = [Claim(kind="approval", **common)] if request.get("modelApprovalStatus") == APPROVED else []
    for key in request.get("customerMetadataProperties") or ():
        if key.startswith(SIGN_OFF):
            claims.append(Claim(kind="sign-off", value=key.removeprefix(SIGN_OFF), **common))
    return Hint(group, tuple(claim for claim in claims if claim.at and claim.event))


def _mark(detail: Mapping[str, Any], request: Mapping[str, Any]) -> Hint | None:
    group = str(request.get("resourceArn") or "").partition(":model-package-group/")[2]
    values = [each.get("value") for each in request.get("tags") or () if each.get("key") == MARKER]
    if not group or not values:
        return None
    claim = Claim(kind="order", version=0, value=str(values[-1]), **_record(detail))
    return Hint(group, (claim,) if claim.at and claim.event else ())


def _record(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": str(detail.get("eventTime") or ""),
        "event": str(detail.get("eventID") or ""),
        "who": from_cloudtrail(detail.get("userIdentity") or {}),
    }


def _group(arn: str) -> tuple[str, int]:
    """Return the group and the version of `arn:...:model-package/<group>/<version>`; version 0 where it is none."""
    parts = arn.partition(":model-package/")[2].split("/")
    return (parts[0], int(parts[1])) if len(parts) == 2 and parts[1].isdigit() else ("", 0)
