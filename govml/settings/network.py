"""The network: made or imported, with or without a filtered way out."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from govml.settings.base import SettingsModel
from govml.settings.capacity import CapacitySettings
from govml.settings.values import Network

InternetTier = Literal["builds", "studio"]

_DOMAIN = re.compile(r"\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# A bucket of any account answers under these; through an endpoint its policy holds data in, through the firewall nothing would.
_AWS_API = re.compile(r"(^|\.)(amazonaws\.com(\.cn)?|[a-z0-9.-]+\.aws)$")


def _domain(text: str) -> str:
    if not _DOMAIN.fullmatch(text):
        raise PydanticCustomError(
            "domain",
            "is not a domain: write pypi.org, or .pypi.org for itself and its subdomains (lower case, no * and no port)",
        )
    if _AWS_API.search(text):
        raise PydanticCustomError(
            "domain",
            "is an API of AWS, where any account's bucket could be written; AWS services go through the endpoints",
        )
    return text


class NetworkSettings(SettingsModel):
    """How each environment gets its network."""

    mode: Literal["create", "import"] = "create"
    """create: a new VPC from the environment's cidr; import: the one named in the environment's network_import."""

    availability_zones: Literal[2, 3] = 2
    """Number of availability zones; each interface endpoint is paid for once per zone."""

    reserved_cidrs: Annotated[tuple[Network, ...], Field(strict=False)] = ()
    """Networks that are in use elsewhere (intranet, on-premises, peers); no environment may overlap them."""

    private_dns: bool = True
    """Let endpoints answer under the services' usual names; false where a central account owns those names."""

    internet: Literal["none", "filtered"] = "none"
    """none: no way out; filtered: named tiers reach named domains through AWS Network Firewall (created VPCs only)."""

    internet_tiers: Annotated[tuple[InternetTier, ...], Field(min_length=1, strict=False)] = ("builds",)
    """The tiers that may use the filtered way out: builds, studio. Of jobs, only those that fetch a data source do."""

    allowed_domains: Annotated[
        tuple[Annotated[str, AfterValidator(_domain)], ...], Field(max_length=200, strict=False)
    ] = ()
    """Domains that the filtered way out leads to, such as pypi.org, or .pypi.org for itself and its subdomains."""

    capacity: CapacitySettings = CapacitySettings()
    """How much runs at the same time, for the address budget."""
