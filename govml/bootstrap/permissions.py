"""Which IAM actions CloudFormation needs for the resources of the templates.

AWS publishes them per resource type: the permissions of the handlers that create, read, update, delete and list it
(CloudFormation CLI user guide, "Resource type definition schema", `handlers`), and those of its tags (`tagging`).
`data/permissions.toml` mends what the schemas lack or ask for too much.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from govml.bootstrap.assembly import Resource
from govml.errors import UserError
from govml.resource_schemas import UnknownResourceTypeError, resource_schema

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
LINKED_ROLE = "iam:CreateServiceLinkedRole"
HANDLERS = ("create", "read", "update", "delete", "list")
_CUSTOM = "AWS::CloudFormation::CustomResource"


@dataclass(frozen=True)
class TypeNeeds:
    """What the resources of one type need.

    Args:
        actions: IAM actions.
        passes_to: service principals that are handed a role.
        linked_roles: services that may make their service-linked role.
    """

    actions: frozenset[str]
    passes_to: frozenset[str] = field(default_factory=frozenset)
    linked_roles: frozenset[str] = field(default_factory=frozenset)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("govml.bootstrap") / "data" / "permissions.toml").read_text())


def needs(resource_type: str, resources: Iterable[Resource], region: str) -> TypeNeeds:
    """Return what all resources of one type need.

    Args:
        resource_type: as in `AWS::S3::Bucket`.
        resources: those of the templates; the properties that they state decide on optional permissions.
        region: region whose schema counts.

    Raises:
        UserError: neither AWS's schema nor our table says what the type needs, or to which service it passes a role.
    """
    if resource_type.startswith("Custom::") or resource_type == _CUSTOM:
        return TypeNeeds(frozenset({"lambda:InvokeFunction"}))
    if resource_type in _table()["no_service"]:
        return TypeNeeds(frozenset())
    entry: dict[str, Any] = _table()["types"].get(resource_type, {})
    listed = _published(resource_type, region) | set(entry.get("add", []))
    if not listed:
        raise UserError(
            f"it is not known what CloudFormation needs for {resource_type}: AWS publishes no handlers for it",
            hint="add the type, with its actions, to govml/bootstrap/data/permissions.toml",
        )
    unneeded = [*_table()["not_actions"], *entry.get("never", []), *_unused(entry, resources)]
    actions = {action for action in listed if not matches(action, unneeded)}
    if PASS_ROLE in actions and not entry.get("passes_to"):
        raise UserError(
            f"it is not known to which service {resource_type} passes a role",
            hint="add `passes_to` for the type to govml/bootstrap/data/permissions.toml",
        )
    return TypeNeeds(
        frozenset(actions - {PASS_ROLE, LINKED_ROLE}),
        frozenset(entry["passes_to"] if PASS_ROLE in actions else ()),
        frozenset(entry.get("linked_roles", ()) if LINKED_ROLE in actions else ()),
    )


def matches(action: str, patterns: Iterable[str]) -> bool:
    """Whether an action is like one of some patterns."""
    return any(fnmatchcase(action, pattern) for pattern in patterns)


def _published(resource_type: str, region: str) -> set[str]:
    try:
        schema = resource_schema(resource_type, region)
    except UnknownResourceTypeError:
        return set()
    handlers = schema.get("handlers", {})
    listed = {action for name in HANDLERS for action in handlers.get(name, {}).get("permissions", [])}
    return listed | set((schema.get("tagging") or {}).get("permissions", []))


def _unused(entry: Mapping[str, Any], resources: Iterable[Resource]) -> list[str]:
    """Patterns of the permissions whose property no resource states, and no stated one asks for too."""
    optional: dict[str, list[str]] = entry.get("only_with", {})
    properties = [resource.get("Properties", {}) for resource in resources]
    stated = {path for path in optional if any(at(each, path) is not None for each in properties)}
    wanted = {pattern for path in stated for pattern in optional[path]}
    return [pattern for path, patterns in optional.items() for pattern in patterns if pattern not in wanted]


def at(properties: Any, path: str) -> Any:
    """Return the value at a dotted property path, None where there is none."""
    for name in path.split("."):
        properties = properties.get(name) if isinstance(properties, Mapping) else None
    return properties
