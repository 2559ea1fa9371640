"""Which resources can carry tags, as AWS's own schema of their type says, and which tags they carry."""

from __future__ import annotations

from cfn_templates import REGION, Resource

from govml.local.emulator.cloudformation.schema import resource_schema


def taggable(resource: Resource) -> str | None:
    """Return the property that holds tags, or None for a resource that cannot carry any."""
    if resource.type.startswith("Custom::"):
        return None
    schema = resource_schema(resource.type, REGION)
    tagging = schema.get("tagging")
    if tagging is None:
        return "Tags" if "Tags" in schema["properties"] else None
    if not tagging.get("taggable", True):
        return None
    return str(tagging.get("tagProperty", "/properties/Tags")).rsplit("/", 1)[1]


def tags(resource: Resource, name: str) -> dict[str, str]:
    """Return the tags in a property: a list of pairs in most types, a map in some (SSM parameters, Glue ...)."""
    found = resource.properties.get(name, [])
    return found if isinstance(found, dict) else {tag["Key"]: tag["Value"] for tag in found}
