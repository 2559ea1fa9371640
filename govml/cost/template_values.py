"""Values of a template, as far as the template itself settles them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govml.cost.line import UnknownQuantityError

_NOTHING: dict[str, str] = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Template:
    """One template, for looking things up in it.

    Args:
        body: the template.
        region: where it goes.
    """

    body: Mapping[str, Any]
    region: str

    def settled(self, value: Any) -> Any:
        """Return a value with parameters at their defaults and conditions met: what costs most is what is asked for."""
        if isinstance(value, list):
            made = (self.settled(each) for each in value)
            return [each for each in made if each != _NOTHING]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Fn::If"}:
            return self.settled(value["Fn::If"][1])
        if set(value) == {"Ref"}:
            parameter = self.body.get("Parameters", {}).get(value["Ref"], {})
            return parameter.get("Default", value)
        made_of = {key: self.settled(each) for key, each in value.items()}
        return {key: each for key, each in made_of.items() if each != _NOTHING}

    def properties(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource's settled properties."""
        found: dict[str, Any] = self.settled(resource.get("Properties", {}))
        return found

    def referred(self, value: Any) -> dict[str, Any] | None:
        """Return the resource that a `Ref` or `Fn::GetAtt` names, None when it is not of this template."""
        if not isinstance(value, dict):
            return None
        name = value.get("Ref") or value.get("Fn::GetAtt")
        if isinstance(name, list):
            name = name[0]
        if isinstance(name, str):
            found = self.body.get("Resources", {}).get(name.partition(".")[0])
            return found if isinstance(found, dict) else None
        return None

    def of_type(self, resource_type: str) -> list[dict[str, Any]]:
        """Return the settled properties of every resource of a type."""
        resources = self.body.get("Resources", {}).values()
        return [self.properties(each) for each in resources if each["Type"] == resource_type]


def length(value: Any, what: str) -> int:
    """Return the length of a list.

    Raises:
        UnknownQuantityError: it is known at deployment only.
    """
    if not isinstance(value, list):
        raise UnknownQuantityError(f"{what} are known at deployment only")
    return len(value)


def number(value: Any, what: str) -> int:
    """Return a whole number.

    Raises:
        UnknownQuantityError: it is known at deployment only.
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UnknownQuantityError(f"{what} is known at deployment only") from None


def name_of(properties: Mapping[str, Any], key: str, logical_id: str) -> str:
    """Return a resource's stated name, or where it has none its logical id."""
    stated = properties.get(key)
    return stated if isinstance(stated, str) else logical_id
