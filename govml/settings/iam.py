"""What the landing zone demands of every role."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from govml.settings.base import SettingsModel


class IamSettings(SettingsModel):
    """Applied to every role that the stacks make, those of CDK's own providers included."""

    permissions_boundary: Annotated[str, Field(pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$")] | None = None
    """Name of the managed policy that bounds every role, such as GCCIAccountBoundary; empty: no boundary."""

    role_path: Annotated[str, Field(pattern=r"^/([A-Za-z0-9_.,+=@-]+/)*$", max_length=512)] = "/"
    """IAM path of every role; it starts and ends with a slash."""

    organization_id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")] | None = None
    """AWS Organizations id, such as o-a1b2c3d4e5; endpoints then trust the organisation, without it this account only."""
