"""What the account says: the registry's packages, and what the serving stack serves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from govml.release.identity import NOBODY, Identity

Condition = Literal["absent", "settled", "busy", "updating", "broken"]
"""A stack is absent, takes updates, works (`updating`: at an update that can be cancelled), or needs a person."""


@dataclass(frozen=True)
class Package:
    """One version in the registry.

    Args:
        version: its number.
        status: `Approved`, `Rejected` or `PendingManualApproval`.
        modified: when it was last changed, ISO 8601 in UTC; empty where nobody asked.
        modified_by: who changed it last.
        trainers: who started its training, or registered it; empty where nobody asked.
    """

    version: int
    status: str
    modified: str = ""
    modified_by: Identity = NOBODY
    trainers: tuple[Identity, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One model as the serving stack serves it.

    Args:
        version: version of the model package; 0 for a model that stands there without one.
        digest: SHA-256 of its archive, hexadecimal.
        image: container image with its digest.
        model_data: S3 URI of its archive.
    """

    version: int
    digest: str
    image: str
    model_data: str


@dataclass(frozen=True)
class Serving:
    """What a serving stack serves, or is to serve.

    Args:
        live: the model that takes the traffic; None for no endpoint at all.
        challenger: the model beside it.
    """

    live: Variant | None = None
    challenger: Variant | None = None

    @property
    def label(self) -> str:
        """How a ledger's evidence names it: versions, and a digest of all parameters."""
        numbers = [each.version if each else 0 for each in (self.live, self.challenger)]
        digest = hashlib.sha256(json.dumps(self.parameters(), sort_keys=True).encode()).hexdigest()
        return f"serving:live={numbers[0]},challenger={numbers[1]},sha256={digest}"

    def parameters(self) -> dict[str, str]:
        """Return the serving stack's parameters that say so."""
        return {**_parameters("Live", self.live), **_parameters("Challenger", self.challenger)}


def read_serving(parameters: Mapping[str, str]) -> Serving:
    """Return what a serving stack's parameters say."""
    return Serving(live=_variant("Live", parameters), challenger=_variant("Challenger", parameters))


def _parameters(role: str, variant: Variant | None) -> dict[str, str]:
    values = (variant.model_data, variant.digest, variant.image, str(variant.version)) if variant else ("",) * 4
    return dict(zip((f"{role}ModelData", f"{role}ModelDigest", f"{role}Image", f"{role}Version"), values, strict=True))


def _variant(role: str, parameters: Mapping[str, str]) -> Variant | None:
    model_data = parameters.get(f"{role}ModelData", "")
    if not model_data:
        return None
    version = parameters.get(f"{role}Version", "")
    return Variant(
        version=int(version) if version.isdigit() else 0,
        digest=parameters.get(f"{role}ModelDigest", ""),
        image=parameters.get(f"{role}Image", ""),
        model_data=model_data,
    )


@dataclass(frozen=True)
class Stack:
    """The serving stack.

    Args:
        condition: whether it takes an update.
        status: CloudFormation's own word, such as `UPDATE_ROLLBACK_COMPLETE`.
        serving: what its parameters say.
        tokens: tokens of the updates that it was seen to work at, as far back as somebody looked.
        reason: CloudFormation's reason for its last failure.
    """

    condition: Condition
    status: str = ""
    serving: Serving = Serving()
    tokens: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class State:
    """The account as one look found it.

    Args:
        account: 12-digit account id.
        packages: version -> package.
        stack: the serving stack.
        marker: what people marked the package group with: `frozen`, `open`, `retired` or nothing.
    """

    account: str
    packages: Mapping[int, Package] = field(default_factory=dict)
    stack: Stack = Stack("absent")
    marker: str = ""


def condition_of(status: str) -> Condition:
    """Return what a stack's status means for an update (CloudFormation user guide, "Understand stack status codes")."""
    if status in {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }:
        return "settled"
    if status == "UPDATE_IN_PROGRESS":
        return "updating"
    return "busy" if status.endswith("_IN_PROGRESS") else "broken"
