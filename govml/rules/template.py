"""A template as the rules see it: resources with resolved properties, once for either side of its conditions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.rules.template_yaml import read_yaml
from govml.rules.values import Resolver, get
from govml.rules.walk import Text, texts_in

# How an `Fn::If` is written, or may be hidden: by JSON's and YAML's escapes of characters.
_BRANCHES = ("Fn::If", "!If", "\\u", "\\x", "\\U")
LARGEST = 8_000_000
"""Bytes; CloudFormation itself takes templates of 1 MB."""


@dataclass(frozen=True)
class Resource:
    """One resource.

    Args:
        logical_id: its name in the template.
        type: its type, such as `AWS::S3::Bucket`.
        properties: its properties, resolved.
        attributes: the rest of it (`DeletionPolicy`, `UpdateReplacePolicy`, `Metadata` ...), unresolved.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def get(self, *path: str) -> Any:
        """Return a property by its path, as in `get("VpcConfig", "Subnets")`, or None."""
        return get(self.properties, *path)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Return every text in the properties, walked once for all rules."""
        return tuple(texts_in(self.properties))

    @cached_property
    def whole_text(self) -> str:
        """Return all texts in one, a line each: a rule sees at a glance whether it must look at them one by one."""
        return "\n".join(text.value for text in self.texts)

    @cached_property
    def shared(self) -> dict[str, Any]:
        """What one rule has worked out for this resource, kept for the next: by a key of its own."""
        return {}

    def refers_to(self, value: object) -> bool:
        """Return whether a resolved value is a `Ref` or an attribute of this resource."""
        return isinstance(value, str) and (
            value == f"${{{self.logical_id}}}" or value.startswith(f"${{{self.logical_id}.")
        )


@dataclass(frozen=True)
class Template:
    """One side of a template: the one on which every `Fn::If` takes its first branch, or its second.

    Args:
        name: the template's path, as findings name it.
        resources: by logical id.
        document: the whole template, unresolved.
    """

    name: str
    resources: Mapping[str, Resource]
    document: Mapping[str, Any]

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        out: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            out.setdefault(resource.type, []).append(resource)
        return out

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Return the resources of the given types."""
        for each in types:
            yield from self._by_type.get(each, ())

    @cached_property
    def shared(self) -> dict[str, Any]:
        """What a rule has worked out for the whole template, kept for its next resource: by the rule's own key."""
        return {}

    def named(self, value: object, *types: str) -> Resource | None:
        """Return the resource of one of the types that a resolved value refers to, or None: it is of another template."""
        return next((each for each in self.of_type(*types) if each.refers_to(value)), None)


def read_template(path: Path) -> list[Template]:
    """Read a template file, JSON or YAML, and return its sides: one, or two when it holds an `Fn::If`.

    Raises:
        UserError: it cannot be read, or is not a CloudFormation template.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UserError(f"{path} has {len(content):,} bytes; a CloudFormation template has at most 1 MB")
    return parse_template(content, str(path))


def parse_template(content: bytes, name: str) -> list[Template]:
    """Parse a template, JSON or YAML.

    Raises:
        UserError: it is not a CloudFormation template.
    """
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text) if text.lstrip().startswith("{") else read_yaml(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{name} is neither JSON nor YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict) or not document["Resources"]:
        raise UserError(f"{name} is no CloudFormation template: it has no Resources")
    for logical_id, resource in document["Resources"].items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise UserError(f"{name}: resource {logical_id} has no Type")
        if not isinstance(resource.get("Properties") or {}, dict):
            raise UserError(f"{name}: the Properties of resource {logical_id} are no mapping")
    return sides(document, name, branches=any(each in text for each in _BRANCHES))


def sides(document: Mapping[str, Any], name: str, *, branches: bool = True) -> list[Template]:
    """Return a parsed template's sides.

    Args:
        document: the template.
        name: what findings call it.
        branches: whether there may be an `Fn::If` in it.
    """
    first = _side(document, name, taken=True)
    return [first, _side(document, name, taken=False, like=first)] if branches and _branches(document) else [first]


def _branches(value: Any) -> bool:
    """Return whether there is an `Fn::If` anywhere."""
    if isinstance(value, dict):
        return "Fn::If" in value or any(map(_branches, value.values()))
    return isinstance(value, list) and any(map(_branches, value))


def _side(document: Mapping[str, Any], name: str, *, taken: bool, like: Template | None = None) -> Template:
    """Return one side; of a resource that is the same as `like`'s, what rules have worked out serves both."""
    resolver = Resolver(_mapping(document, "Parameters"), _mapping(document, "Mappings"), taken=taken)
    resources = {}
    for logical_id, resource in document["Resources"].items():
        properties = resolver.resolve(resource.get("Properties") or {})
        if like is not None and like.resources[logical_id].properties == properties:
            resources[logical_id] = like.resources[logical_id]
            continue
        rest = {key: value for key, value in resource.items() if key not in {"Type", "Properties"}}
        resources[logical_id] = Resource(
            logical_id,
            resource["Type"],
            properties if isinstance(properties, dict) else {},
            rest,
        )
    return Template(name, resources, document)


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}
