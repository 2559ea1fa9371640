"""How a use case's model versions are released: who approves, who signs off, where they come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from govml.settings.base import SettingsModel
from govml.settings.environments import EnvironmentName
from govml.settings.values import RoleName

RoleNames = Annotated[tuple[RoleName, ...], Field(max_length=20, strict=False)]


class ReleaseSettings(SettingsModel):
    """Used when the switch release is on."""

    approvers: RoleNames = ()
    """Roles of the account (name, with its path) whose approval counts; empty: the role for people `approver`."""

    deployers: Annotated[tuple[str, ...], Field(max_length=50, strict=False)] = ()
    """People who deploy, by the name they sign in with (source identity or session); none of them may approve."""

    consumers: RoleNames = ()
    """Roles (name, with its path) that must sign a version off before it is deployed; empty: nobody else."""

    promote_from: EnvironmentName | None = None
    """Environment whose released versions later ones take; empty: the one before each among dev, uat and prod."""
