"""What the landing zone demands of every role, and who may take which role for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.values import RoleName

PersonaName = Literal["data_scientist", "ml_engineer", "data_engineer", "approver", "auditor"]


class PersonaSettings(SettingsModel):
    """Who may take the roles for people: users of an identity provider, or named roles of the same account."""

    identity_provider: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,128}$")] | None = None
    """Name of the account's SAML provider, such as agency-sso; it decides who is in which role."""

    trusted_roles: Annotated[
        Mapping[PersonaName, Annotated[tuple[RoleName, ...], Field(min_length=1, strict=False)]],
        AfterValidator(ReadOnly),
        PlainSerializer(dict),
    ] = Field(default_factory=lambda: ReadOnly({}))
    """Role for people -> roles of the same account (name, with its path if it has one) that may assume it."""

    max_session_hours: Annotated[int, Field(ge=1, le=12)] = 4
    """Longest session of a role for people, 1 to 12 hours."""


class IamSettings(SettingsModel):
    """Applied to every role that the stacks make, those of CDK's own providers included."""

    permissions_boundary: Annotated[str, Field(pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$")] | None = None
    """Name of the managed policy that bounds every role, such as GCCIAccountBoundary; empty: no boundary."""

    role_path: Annotated[str, Field(pattern=r"^/([A-Za-z0-9_.,+=@-]+/)*$", max_length=512)] = "/"
    """IAM path of every role; it starts and ends with a slash."""

    organization_id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")] | None = None
    """AWS Organizations id, such as o-a1b2c3d4e5: endpoints then trust it, and roles for people trust nobody outside it."""

    key_administrators: Annotated[tuple[RoleName, ...], Field(strict=False)] = ()
    """Roles of each account (name, with its path) that alone may change keys; empty: whoever IAM lets in that account."""

    deployment_roles: Annotated[tuple[RoleName, ...], Field(strict=False)] = ()
    """Roles (name, with its path) that deploy in place of the execution role of `cdk bootstrap`."""

    personas: PersonaSettings | None = None
    """Who may take the roles for people; needed when the switch personas is on."""
