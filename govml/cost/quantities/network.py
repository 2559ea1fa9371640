"""Ways in and out: paid by the hour for each zone that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import Use
from govml.cost.template_values import Template, length
from govml.cost.usage import Usage

_ENDPOINT, _FIREWALL = "AWS::EC2::VPCEndpoint", "AWS::NetworkFirewall::Firewall"
_SEARCH = "AWS::OpenSearchServerless::VpcEndpoint"


def endpoint_interface_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield an interface for each subnet; a gateway endpoint costs nothing."""
    if properties.get("VpcEndpointType", "Gateway") == "Gateway":  # CloudFormation's default
        yield Use(_ENDPOINT, "interface", Decimal(0))
        return
    yield Use(_ENDPOINT, "interface", Decimal(length(properties.get("SubnetIds"), "the endpoint's subnets")))
    yield Use(_ENDPOINT, "data")


def search_interface_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield an interface for each subnet."""
    yield Use(_SEARCH, "interface", Decimal(length(properties.get("SubnetIds"), "the endpoint's subnets")))


def firewall_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield an endpoint of the firewall for each subnet."""
    yield Use(_FIREWALL, "endpoint", Decimal(length(properties.get("SubnetMappings"), "the firewall's subnets")))
    yield Use(_FIREWALL, "data")
