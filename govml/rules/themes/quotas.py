"""What a deployment would refuse for its size, after everything before it has been made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

# IAM user guide, "IAM and AWS STS quotas": characters of a managed policy, white space not counted.
_MANAGED_POLICY = 6144
# Lambda developer guide, "Lambda quotas": all environment variables together.
_ENVIRONMENT_BYTES = 4096
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_SHORTEST = {"${AWS::Partition}": "aws", "${AWS::Region}": "r" * 9, "${AWS::AccountId}": "0" * 12}


@rule(
    "GovML-TooLarge",
    "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::Function",
    title="Policies and environments of functions fit the services' quotas",
    rationale="A template that is refused halfway leaves an environment without its safeguards or its alarms.",
    severity="high",
    controls=("CM-6", "SA-10"),
    public_sector_controls=("SD-8",),
    source='IAM user guide, "IAM and AWS STS quotas"; Lambda developer guide, "Lambda quotas"',
)
def too_large(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Count what is there at least: what only a deployment knows is taken for the shortest that it can be."""
    if resource.type == "AWS::IAM::ManagedPolicy":
        size = len(re.sub(r"\s", "", _least(resource.get("PolicyDocument"))))
        if size > _MANAGED_POLICY:
            yield f"has at least {size} characters, and IAM takes {_MANAGED_POLICY}: split it, or name fewer resources"
        return
    variables = resource.get("Environment", "Variables")
    size = len(_least(variables).encode()) if variables else 0
    if size > _ENVIRONMENT_BYTES:
        yield f"its environment has at least {size} bytes, and Lambda takes {_ENVIRONMENT_BYTES}: keep it in a parameter"


def _least(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _REFERENCE.sub(lambda found: _SHORTEST.get(found[0], "x" * 8), text)
