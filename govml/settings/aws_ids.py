"""Ids of AWS resources, each held to its kind, so that a subnet id where a VPC id belongs is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "vpc": "VPC",
        "subnet": "subnet",
        "rtb": "route table",
        "vpce": "VPC endpoint",
        "sg": "security group",
        "pl": "prefix list",
    }
)
# 8 digits are of resources older than 2018, 17 of the rest (EC2 user guide, "Resource IDs").
_DIGITS = "(?:[0-9a-f]{8}|[0-9a-f]{17})"


def _schema(prefix: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{prefix}-{_DIGITS}$"})


def _check(prefix: str) -> Callable[[str], str]:
    pattern, kind = re.compile(f"{prefix}-{_DIGITS}"), _KINDS[prefix]

    def check(value: str) -> str:
        """Refuse another kind of id, and what is no id at all."""
        if pattern.fullmatch(value):
            return value
        other = _KINDS.get(value.split("-", maxsplit=1)[0])
        found = f"is the id of a {other}" if other and other != kind else "is no id of its kind"
        raise PydanticCustomError(
            "aws_id",
            "{found}; a {kind} id is expected: {prefix}- and 8 or 17 digits (0-9, a-f)",
            {"found": found, "kind": kind, "prefix": prefix},
        )

    return check


VpcId = Annotated[str, AfterValidator(_check("vpc")), _schema("vpc")]
SubnetId = Annotated[str, AfterValidator(_check("subnet")), _schema("subnet")]
RouteTableId = Annotated[str, AfterValidator(_check("rtb")), _schema("rtb")]
VpcEndpointId = Annotated[str, AfterValidator(_check("vpce")), _schema("vpce")]
SecurityGroupId = Annotated[str, AfterValidator(_check("sg")), _schema("sg")]
PrefixListId = Annotated[str, AfterValidator(_check("pl")), _schema("pl")]
