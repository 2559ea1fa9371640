"""The account rules that the switch gcc_baseline makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govml.settings.base import SettingsModel

OperatingSystem = Literal["AMAZON_LINUX_2023", "REDHAT_ENTERPRISE_LINUX", "WINDOWS"]


class BaselineSettings(SettingsModel):
    """What Patch Manager approves for managed nodes of the account; used when the switch gcc_baseline is on."""

    patch_operating_systems: Annotated[tuple[OperatingSystem, ...], Field(min_length=1, strict=False)] = (
        "AMAZON_LINUX_2023",
    )
    """Operating systems of managed nodes (build runners, bastions), each with its default patch baseline."""

    patch_approval_days: Annotated[int, Field(ge=0, le=30)] = 7
    """Days after its release that a security patch is approved by itself, 0 to 30."""
