"""One environment (a stage of delivery): its account, its network, and what a tear-down does to its data."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Literal

from govml.settings.base import SettingsModel
from govml.settings.imported import ImportedSettings
from govml.settings.network_import import NetworkImport
from govml.settings.shared import SharedSettings
from govml.settings.values import AccountId, VpcNetwork

EnvironmentName = Literal["dev", "uat", "prod"]
Removal = Literal["retain", "destroy"]


class EnvironmentSettings(SettingsModel):
    """Where one environment is deployed."""

    account: AccountId
    """AWS account id: 12 digits, in quotes (without quotes YAML reads a number and drops leading zeros)."""

    cidr: VpcNetwork | None = None
    """IPv4 network of a created VPC, /16 to /24, private, such as 10.40.0.0/22; it overlaps no other environment."""

    network_import: NetworkImport | None = None
    """The VPC that exists already, when network.mode is import."""

    removal: Removal = "retain"
    """What a tear-down may do with buckets, keys and logs: retain them, or (never in prod) delete them, given the second key."""

    imported: ImportedSettings = ImportedSettings()
    """Roles, keys and buckets that exist already and are used instead of new ones."""

    shared: SharedSettings | None = None
    """Stores that the next environment reads from another account; `govml release shared` prints them, once deployed."""

    def networks(self) -> list[tuple[tuple[str, ...], IPv4Network]]:
        """Return every range of the environment with the key where it stands, as in `(("cidr",), 10.40.0.0/22)`."""
        own = [(("cidr",), self.cidr)] if self.cidr is not None else []
        subnets = self.network_import.subnets if self.network_import is not None else ()
        return [*own, *((("network_import", "subnets"), subnet.cidr) for subnet in subnets)]
