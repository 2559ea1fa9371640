"""JSON Schema of the agency file, for editors, and what our own messages read from it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from govml.settings.root import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _ForEditors(GenerateJsonSchema):
    """For editors: no titles that only repeat the key, and no names beside those that a pattern allows."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Refuse names that the pattern does not allow; pydantic leaves them open."""
        made = super().dict_schema(schema)
        return made | {"additionalProperties": False} if "patternProperties" in made else made


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an agency file."""
    made = Settings.model_json_schema(schema_generator=_ForEditors)
    return {
        "$schema": _DIALECT,
        "title": "Agency file of govml-blueprint",
        **{k: v for k, v in made.items() if k != "title"},
    }


def schema_text() -> str:
    """Return the schema as it is committed: keys sorted, two spaces, a newline at the end."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def allowed_keys(path: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the mapping at a path may have; an empty list when any name may stand there."""
    place: dict[str, Any] = schema()
    for part in path:
        place = _step(place, part)
    place = _resolved(place)
    return [*place.get("properties", {}), *place.get("propertyNames", {}).get("enum", [])]


def description(path: tuple[int | str, ...]) -> str:
    """Return what the model says about the value at a path, or an empty string."""
    place: dict[str, Any] = schema()
    for part in path:
        place = _step(place, part)
    found = place.get("description", "")
    return found if isinstance(found, str) else ""


def _step(place: dict[str, Any], part: int | str) -> dict[str, Any]:
    place = _resolved(place)
    if isinstance(part, int):
        found = place.get("items")
    else:
        found = place.get("properties", {}).get(part) or place.get("additionalProperties")
        found = found or next(iter(place.get("patternProperties", {}).values()), None)
    return found if isinstance(found, dict) else {}


def _resolved(place: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and the one alternative of an optional value that is not null."""
    for option in place.get("anyOf", []):
        if option.get("type") != "null":
            return _resolved(option)
    reference = place.get("$ref")
    return schema()["$defs"][reference.rsplit("/", 1)[1]] if reference else place
