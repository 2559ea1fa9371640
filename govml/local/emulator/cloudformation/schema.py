"""AWS's own CloudFormation resource schemas (bundled with cfn-lint), applied to the resolved properties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonschema

from govml.resource_schemas import UnknownResourceTypeError, resource_schema

__all__ = ["UnknownResourceTypeError", "check", "create_only", "replaces", "resource_schema", "write_only"]

# Scalar type faults are left out: CloudFormation itself accepts "1" and "true" for them.
_CHECKED = {
    "required",
    "additionalProperties",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
}


def create_only(resource_type: str, region: str) -> set[str]:
    """Property paths, as in `Budget/BudgetName`, whose change replaces the resource."""
    paths = resource_schema(resource_type, region).get("createOnlyProperties", [])
    return {path.removeprefix("/properties/") for path in paths}


def replaces(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any], region: str) -> bool:
    """Whether a change from the old to the new properties replaces the resource."""
    return any(_at(old, path) != _at(new, path) for path in create_only(resource_type, region))


def _at(properties: Any, path: str) -> Any:
    """The value at a property path; `*` stands for every item of a list."""
    head, _, rest = path.partition("/")
    if head == "*":
        return [_at(item, rest) if rest else item for item in properties or []]
    value = properties.get(head) if isinstance(properties, Mapping) else None
    return _at(value, rest) if rest else value


def write_only(resource_type: str, region: str) -> set[str]:
    """Property paths, as in `Code/S3Key`, that AWS never returns: no read-back can show them."""
    paths = resource_schema(resource_type, region).get("writeOnlyProperties", [])
    return {path.removeprefix("/properties/") for path in paths}


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:  # AWS's schemas carry PCRE classes such as \p{L}
        return False
    return True


def _portable(node: Any) -> Any:
    """The schema without the patterns that Python cannot compile."""
    if isinstance(node, list):
        return [_portable(item) for item in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key == "pattern" and isinstance(value, str) and not _compiles(value):
            continue
        if key == "patternProperties":
            result[key] = {(name if _compiles(name) else ".*"): _portable(sub) for name, sub in value.items()}
        else:
            result[key] = _portable(value)
    return result


@lru_cache(maxsize=256)
def _validator(resource_type: str, region: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(_portable(resource_schema(resource_type, region)))


def without_system_tags(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without the `aws:` tags that the CloudFormation engine itself adds."""
    tags = properties.get("Tags")
    if isinstance(tags, dict):
        return {**properties, "Tags": {k: v for k, v in tags.items() if not k.startswith("aws:")}}
    if isinstance(tags, list):
        kept = [tag for tag in tags if not str(tag.get("Key", "")).startswith("aws:")]
        return {**properties, "Tags": kept}
    return dict(properties)


def check(resource_type: str, properties: Mapping[str, Any], region: str) -> None:
    """Check resolved properties against the type's schema.

    Raises:
        ValueError: the first violation, with its path; the message ends up in the stack's events.
    """
    schema = resource_schema(resource_type, region)
    read_only = {path.split("/")[2] for path in schema.get("readOnlyProperties", []) if path.count("/") == 2}
    read_only -= create_only(resource_type, region)  # AWS marks a few properties as both
    for name in sorted(read_only & set(properties)):
        raise ValueError(f"Encountered unsupported property {name}: it is read-only ({resource_type})")
    for error in _validator(resource_type, region).iter_errors(without_system_tags(properties)):
        if error.validator not in _CHECKED or (error.validator == "pattern" and not isinstance(error.instance, str)):
            continue
        path = "/".join(str(part) for part in error.absolute_path)
        raise ValueError(f"Properties validation failed for {resource_type} at #/{path}: {_short(error.message)}")


def _short(message: str, length: int = 300) -> str:
    """A message without its middle, which is a long value; what is wrong with it stands at the end."""
    return message if len(message) <= length else f"{message[: length // 2]} ... {message[-length // 2 :]}"
