"""One environment (a stage of delivery): its account, its network, and what a tear-down does to its data."""

from __future__ import annotations

from typing import Literal

from govml.settings.base import SettingsModel
from govml.settings.values import AccountId, VpcNetwork

EnvironmentName = Literal["dev", "uat", "prod"]
Removal = Literal["retain", "destroy"]


class EnvironmentSettings(SettingsModel):
    """Where one environment is deployed."""

    account: AccountId
    """AWS account id: 12 digits, in quotes (without quotes YAML reads a number and drops leading zeros)."""

    cidr: VpcNetwork
    """IPv4 network of the VPC, /16 to /24, private, such as 10.40.0.0/22; it overlaps no other environment."""

    removal: Removal = "retain"
    """What a tear-down may do with buckets, keys and logs: retain them, or (never in prod) delete them, given the second key."""
