"""A correction to MiniStack's DescribeVpcEndpoints: it keeps private DNS, groups and policy but answers none."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import ec2


def _missing_members(endpoint: dict[str, Any]) -> str:
    groups = "".join(
        f"<item><groupId>{escape(group)}</groupId></item>" for group in endpoint.get("SecurityGroupIds", [])
    )
    policy = endpoint.get("PolicyDocument")
    text = policy if isinstance(policy, str) else json.dumps(policy) if policy else ""
    private_dns = str(endpoint.get("PrivateDnsEnabled", False)).lower()
    return (
        f"<groupSet>{groups}</groupSet><privateDnsEnabled>{private_dns}</privateDnsEnabled>"
        f"<policyDocument>{escape(text)}</policyDocument>"
    )


def install() -> None:
    """Add the missing members to each endpoint in MiniStack's answers."""
    render = ec2._vpce_fields_xml

    def complete(endpoint: dict[str, Any], tag: str = "item") -> str:
        head, closing, _ = render(endpoint, tag).rpartition(f"</{tag}>")
        return f"{head}{_missing_members(endpoint)}{closing}"

    ec2._vpce_fields_xml = complete
