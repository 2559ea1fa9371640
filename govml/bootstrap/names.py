"""The names of the templates' resources, as ARN patterns that a policy can be held to.

A name that the template leaves out is made by CloudFormation from the stack's name, so it starts with the environment's
prefix; the 16 + 1 + 4 characters that a prefix has at most survive the cuts to IAM's and S3's limits (CloudFormation
user guide, "Name type").
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from govml.bootstrap.assembly import Resource
from govml.bootstrap.permissions import at, matches
from govml.bootstrap.place import Target

# IAM prefix of the service in a type's name, where it is not the same in lower case.
_SERVICES = {
    "ApplicationAutoScaling": "application-autoscaling",
    "KinesisFirehose": "firehose",
    "StepFunctions": "states",
    "RedshiftServerless": "redshift-serverless",
    "OpenSearchServerless": "aoss",
}


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("govml.bootstrap") / "data" / "names.toml").read_text())


def service_of(resource_type: str) -> str:
    """Return the IAM prefix of a type's service, as in `states` for `AWS::StepFunctions::StateMachine`."""
    part = resource_type.split("::")[1]
    return _SERVICES.get(part, part.lower())


def anywhere(action: str) -> bool:
    """Whether an action of a service with known names takes no single resource."""
    service, _, name = action.partition(":")
    return matches(name, _table()["anywhere"].get(service, []))


def known_resources(resources: Iterable[Resource], target: Target) -> dict[str, list[str]]:
    """Return, per service whose resources all have known names, the ARN patterns of those resources.

    Args:
        resources: the resources of the templates.
        target: account, region and the environment's own names.
    """
    arns: dict[str, set[str]] = {}
    open_services: set[str] = set()
    for resource in resources:
        resource_type = resource["Type"]
        if not resource_type.startswith("AWS::"):
            continue
        service = service_of(resource_type)
        entry = _table()["types"].get(resource_type)
        if entry is None:
            open_services.add(service)
            continue
        name = name_pattern(resource, entry.get("property"), target)
        for arn in entry["arns"]:  # of the type's own service, or of one whose resources it makes beside its own
            arns.setdefault(arn.split(":")[2], set()).add(target.fill(arn, name))
    return {
        service: sorted(_without_covered(patterns))
        for service, patterns in arns.items()
        if service not in open_services and service in _table()["anywhere"] and patterns
    }


def name_pattern(resource: Resource, name_property: str | None, target: Target) -> str:
    """Return the pattern of a resource's name: its own, the environment's, or `*` when it is known at deployment only."""
    stated = at(resource.get("Properties", {}), name_property) if name_property else None
    if stated is None or (isinstance(stated, Mapping) and set(stated) <= {"Ref", "Fn::GetAtt"}):
        return f"{target.prefix}-*"  # made by CloudFormation, or that of another resource of the template
    if isinstance(stated, str):
        return next((f"{root}*" for root in target.roots if stated.startswith(root)), stated)
    return "*"


def _without_covered(patterns: set[str]) -> set[str]:
    """Leave out ARNs that a pattern with a trailing star covers."""
    stars = {pattern for pattern in patterns if pattern.endswith("*")}
    return {
        pattern
        for pattern in patterns
        if not any(star != pattern and pattern.startswith(star.removesuffix("*")) for star in stars)
    }
