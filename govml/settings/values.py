"""Kinds of single values that the agency file holds, each with its pattern. Errors name the value that was meant."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

# Ranges that may be used inside: RFC 1918, section 3.
PRIVATE_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))

# Several AWS services (SageMaker Studio among them) run Docker's bridge on this range inside their hosts:
# Amazon VPC user guide, "VPC CIDR blocks", says not to use it for a VPC.
DOCKER_BRIDGE = IPv4Network("172.17.0.0/16")

_CIDR_PATTERN = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"


def parse_network(value: Any) -> IPv4Network:
    """Read an IPv4 network from text.

    Raises:
        PydanticCustomError: not text, not a network, or with host bits set (the network that was meant is named).
    """
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or "/" not in value:
        raise PydanticCustomError("cidr", "is not an IPv4 network; write it as 10.40.0.0/22")
    try:
        return IPv4Network(value)
    except ValueError:
        try:
            meant = IPv4Network(value, strict=False)
        except ValueError:
            raise PydanticCustomError("cidr", "is not an IPv4 network; write it as 10.40.0.0/22") from None
        raise PydanticCustomError("cidr", "has host bits set; the network is {meant}", {"meant": str(meant)}) from None


def usable_for_vpc(network: IPv4Network) -> IPv4Network:
    """Refuse a network that a VPC of ours cannot have: size, public addresses, Docker's bridge."""
    if not 16 <= network.prefixlen <= 24:
        raise PydanticCustomError("cidr", "must be between /16 and /24")
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        raise PydanticCustomError("cidr", "is not private (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)")
    if network.overlaps(DOCKER_BRIDGE):
        raise PydanticCustomError("cidr", "overlaps 172.17.0.0/16, which AWS services use inside their hosts")
    return network


Network = Annotated[
    IPv4Network,
    Field(strict=False),
    BeforeValidator(parse_network),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _CIDR_PATTERN}),
]
VpcNetwork = Annotated[Network, AfterValidator(usable_for_vpc)]

# [0-9], because \d in pydantic's patterns also matches the digits of other scripts.
# A role within an account: its name, after its path if it has one, as in `aws-reserved/sso.amazonaws.com/Analyst`.
RoleName = Annotated[str, Field(pattern=r"^([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}$", max_length=512)]
AccountId = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
# A short name that starts physical names: no hyphen at the end or twice, because S3 and IAM names are built from it.
AgencyName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=2, max_length=16)]
UseCaseName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", min_length=2, max_length=31)]
# 25: it is part of job, rule and table names, which share 63 characters with the agency's name.
SourceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", min_length=2, max_length=25)]
# What every service takes in the value of a tag (AWS General Reference, "Tag naming limits and requirements"):
# 256 characters, but AWS::ECR::Repository takes 255 and AWS::SageMaker::Domain 128 (their CloudFormation schemas).
TagValue = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.:/=+@-]([A-Za-z0-9_.:/=+@ -]{0,126}[A-Za-z0-9_.:/=+@-])?$",
        description="Value of the tag: 1 to 128 letters, digits, spaces and _.:/=+-@, in quotes when it is a number.",
    ),
]
# Not RFC 5322, only what an SNS e-mail subscription needs to look like one address.
Email = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254)
]
