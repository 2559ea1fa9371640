"""Setting: the VPC's default security group has no rule (Security Hub FSBP EC2.2, NIST SC-7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError


def physical_id(properties: Mapping[str, str]) -> str:
    """Return the identity of the setting: another group makes another setting."""
    return f"default-security-group-closed/{properties['SecurityGroupId']}"


def apply(properties: Mapping[str, str]) -> None:
    """Revoke the rules that EC2 gives to every default group: all traffic from itself, all traffic out; idempotent.

    The rules are known (VPC user guide, "Default security groups"), so the function need not read groups, an action that
    cannot be held to one resource.
    """
    client = boto3.client("ec2")
    group_id = properties["SecurityGroupId"]
    _revoke(
        client.revoke_security_group_ingress,
        group_id,
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]},
    )
    _revoke(client.revoke_security_group_egress, group_id, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})


def _revoke(call: Callable[..., Any], group_id: str, permission: Mapping[str, Any]) -> None:
    try:
        call(GroupId=group_id, IpPermissions=[permission])
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidPermission.NotFound":
            raise


def remove(properties: Mapping[str, str]) -> None:
    """Leave the group closed: it goes with its VPC, and opening it again would be the worse state."""
