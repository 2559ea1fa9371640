"""What CloudFormation says that it made, and the documents of IAM in one spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Resource:
    """One resource of a deployed stack."""

    stack: str
    logical_id: str
    resource_type: str
    physical_id: str
    retained: bool


def resources(cloudformation: Any, prefix: str) -> list[Resource]:
    """Every resource of the stacks whose names start with a prefix.

    Args:
        cloudformation: boto3 client.
        prefix: as in `sandbox-dev-`.
    """
    found = []
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackName"].startswith(prefix) and stack["StackStatus"] != "DELETE_COMPLETE":
                found += _of_stack(cloudformation, stack["StackName"])
    return found


def _of_stack(cloudformation: Any, name: str) -> Iterator[Resource]:
    body = cloudformation.get_template(StackName=name)["TemplateBody"]
    template = body if isinstance(body, Mapping) else json.loads(body)
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
        for item in page["StackResourceSummaries"]:
            policy = template["Resources"][item["LogicalResourceId"]].get("DeletionPolicy", "Delete")
            yield Resource(
                name, item["LogicalResourceId"], item["ResourceType"], item["PhysicalResourceId"], policy == "Retain"
            )


def of_type(found: list[Resource], resource_type: str) -> list[str]:
    """Physical ids of one type, as in `S3::Bucket`."""
    return [resource.physical_id for resource in found if resource.resource_type == f"AWS::{resource_type}"]


def document(policy: str | Mapping[str, Any]) -> dict[str, Any]:
    """A policy document, however an API answers it."""
    return json.loads(policy) if isinstance(policy, str) else dict(policy)


def as_list(value: Any) -> list[Any]:
    """A policy element that may be one item or a list of them."""
    return value if isinstance(value, list) else [value]
