"""Setting: a Redshift Serverless workgroup refuses queries beyond so many RPU-hours a day."""

from __future__ import annotations

from collections.abc import Mapping

import boto3

_TYPE, _PERIOD = "serverless-compute", "daily"


def physical_id(properties: Mapping[str, str]) -> str:
    """Return the identity of the setting: another workgroup has another limit."""
    return f"warehouse-usage-limit/{properties['WorkgroupArn']}"


def apply(properties: Mapping[str, str]) -> None:
    """Make the limit, or change the one that is there; idempotent.

    A workgroup takes one limit for each type and period (Redshift Serverless API reference, CreateUsageLimit).
    """
    client, workgroup = boto3.client("redshift-serverless"), properties["WorkgroupArn"]
    wanted = {"amount": int(properties["RpuHoursPerDay"]), "breachAction": "deactivate"}
    pages = client.get_paginator("list_usage_limits").paginate(resourceArn=workgroup, usageType=_TYPE)
    there = [limit for page in pages for limit in page["usageLimits"] if limit.get("period") == _PERIOD]
    if there:
        client.update_usage_limit(usageLimitId=there[0]["usageLimitId"], **wanted)
    else:
        client.create_usage_limit(resourceArn=workgroup, usageType=_TYPE, period=_PERIOD, **wanted)


def remove(properties: Mapping[str, str]) -> None:
    """Leave the limit: it goes with its workgroup, and a workgroup that is kept must not lose it."""
