"""The text that cdk-nag puts into the brackets of a granular finding, computed from the value that causes it."""

from __future__ import annotations

import re
from typing import Any

from aws_cdk import Stack
from constructs import IConstruct


def resource_finding(scope: IConstruct, arn: str) -> str:
    """Return the detail of an `AwsSolutions-IAM5` finding for one resource of a policy, as in `Resource::<Bucket.Arn>/*`.

    Args:
        scope: a construct in the stack that holds the policy.
        arn: the resource as the statement has it; CDK tokens of the same stack are allowed.
    """
    return f"Resource::{_flatten(Stack.of(scope).resolve(arn))}"


def _flatten(value: Any) -> str:
    if isinstance(value, str):
        return re.sub(r"\$\{([^}]+)\}", r"<\1>", value)
    if "Ref" in value:
        return f"<{value['Ref']}>"
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(_flatten(part) for part in parts)
    raise ValueError(f"no rule for writing {value!r} as cdk-nag does")
