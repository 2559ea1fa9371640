"""Judge the rules between fields although some fields are wrong, so that one run shows every problem."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from govml.settings.root import Settings
from govml.settings.rules.finding import Finding

# A sound value for each required key, to stand in for a wrong one; no rule that reads the key is then judged.
_STAND_INS: Mapping[str, Any] = MappingProxyType(
    {
        "agency": "agency",
        "project_code": "project",
        "owner": "owner@example.gov.sg",
        "data_classification": "official-open",
        "maturity": "stage1",
        "environments": {"dev": {"account": "123456789012", "cidr": "10.0.0.0/24"}},
    }
)


def rules_on_sound_parts(data: dict[str, Any], error: ValidationError) -> list[Finding]:
    """Return the broken rules among the parts that have no problem of their own.

    A wrong environment is left out and the others are judged; any other wrong key silences the rules that read it.

    Args:
        data: the file's content.
        error: what the models found wrong in it; when the rules themselves raised it, there is nothing more to find.
    """
    places = [item["loc"] for item in error.errors(include_url=False) if item["loc"]]
    if not places:
        return []
    known = {name: value for name, value in data.items() if name in Settings.model_fields}
    environments = known.get("environments")
    wrong = {str(place[1]) for place in places if place[0] == "environments" and len(place) > 1}
    if isinstance(environments, dict) and wrong:
        known["environments"] = {name: value for name, value in environments.items() if name not in wrong}
    unsound = {
        str(place[0]) for place in places if not (place[0] == "environments" and known.get("environments") and wrong)
    }
    sound = {name: value for name, value in known.items() if name not in unsound}
    try:
        Settings.model_validate({**_STAND_INS, **sound}, context={"unsound": frozenset(unsound)})
    except ValidationError as broken:
        return findings(broken)
    return []


def findings(error: ValidationError) -> list[Finding]:
    """Return the findings of the rules that a validation error carries."""
    items = [item for item in error.errors(include_url=False) if item["type"] == "combination"]
    return [finding for item in items for finding in item.get("ctx", {}).get("findings", [])]
