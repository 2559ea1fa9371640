"""The reference of the agency file is whole: every key and every switch stands in the pages, with its presets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from documents import REPOSITORY

from govml.settings.features import FeatureSettings
from govml.settings.presets import PRESETS
from govml.settings.reading.schema import schema

PAGE = (REPOSITORY / "docs" / "configuration.md").read_text()
PAGES = " ".join(path.read_text() for path in (REPOSITORY / "docs").glob("*.md"))


def keys(node: Mapping[str, Any], definitions: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the dotted path of each key below a node of a JSON schema; NAME stands for a name of the agency's."""
    if "$ref" in node:
        yield from keys(definitions[node["$ref"].rpartition("/")[2]], definitions, above)
    for kind in ("anyOf", "allOf", "oneOf"):
        for each in node.get(kind, ()):
            yield from keys(each, definitions, above)
    for name, each in node.get("properties", {}).items():
        yield ".".join((*above, name))
        yield from keys(each, definitions, (*above, name))
    named = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    for each in named:
        if isinstance(each, Mapping):
            yield from keys(each, definitions, (*above, "NAME"))


@pytest.mark.parametrize("key", sorted(set(keys(schema(), schema()["$defs"]))))
def test_every_key_of_the_agency_file_is_explained(key: str) -> None:
    section, _, last = key.rpartition(".")
    assert re.search(rf"(?<![a-z_]){last}(?![a-z_])", PAGES), f"no page names {key}"
    if not section:
        assert f"`{key}" in PAGE, f"docs/configuration.md does not name {key}"


@pytest.mark.parametrize("switch", sorted(FeatureSettings.model_fields))
def test_the_table_of_switches_says_which_stage_turns_it_on(switch: str) -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("|")]
    (row,) = [each for each in rows if f"`{switch}`" in each[0] and len(each) == 5]
    said = {stage: cell.strip() == "on" for stage, cell in zip(PRESETS, row[1:4], strict=True)}
    assert said == {stage: switch in on for stage, on in PRESETS.items()}
