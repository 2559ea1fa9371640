"""The network that the platform makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govml.settings.base import SettingsModel
from govml.settings.values import Network


class NetworkSettings(SettingsModel):
    """How each environment's VPC is made."""

    mode: Literal["create"] = "create"
    """create: a new VPC without any way to the internet, from the environment's cidr."""

    availability_zones: Literal[2, 3] = 2
    """Number of availability zones; each interface endpoint is paid for once per zone."""

    reserved_cidrs: Annotated[tuple[Network, ...], Field(strict=False)] = ()
    """Networks that are in use elsewhere (intranet, on-premises, peers); no environment may overlap them."""
