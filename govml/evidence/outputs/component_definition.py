"""OSCAL component definition: which controls the blueprint's rules check, by rule."""

from __future__ import annotations

from typing import Any

from govml.evidence.controls import Tally, public_sector_controls, tally_nist, tally_public_sector
from govml.evidence.evidence import Evidence
from govml.evidence.outputs.identity import stable_uuid
from govml.evidence.outputs.oscal import COMPONENT, NIST_CATALOG, metadata, prop
from govml.evidence.row import Row, Status

_CATALOGUE = stable_uuid("public-sector-catalogue")


def component_definition(evidence: Evidence) -> dict[str, Any]:
    """Return the definition: one component, with one control implementation for each catalogue.

    A control is listed when a rule that serves it has something to look at in these templates.
    """
    rows = [row for row in evidence.rows if row.resource is not None]
    title = "govml-blueprint: controls that are checked before every deployment"
    component = {
        "uuid": COMPONENT,
        "type": "software",
        "title": "govml-blueprint",
        "description": "Infrastructure as code of a machine-learning platform for government agencies on AWS.",
        "control-implementations": [_nist(rows), _public_sector(rows)],
    }
    return {
        "component-definition": {
            "uuid": stable_uuid("component-definition", evidence.day.isoformat(), *_names(evidence)),
            "metadata": metadata(evidence, title),
            "components": [component],
            "back-matter": {
                "resources": [
                    {
                        "uuid": _CATALOGUE,
                        "title": "Public-sector control catalogue for cloud systems",
                        "description": "Named by id and title in public_sector_controls.csv of this blueprint.",
                    }
                ]
            },
        }
    }


def _nist(rows: list[Row]) -> dict[str, Any]:
    return {
        "uuid": stable_uuid("implementation", "nist"),
        "source": NIST_CATALOG,
        "description": "NIST SP 800-53 revision 5, as far as rules over templates can check it.",
        "implemented-requirements": [
            _requirement("nist", control, tally, "") for control, tally in tally_nist(rows).items()
        ],
    }


def _public_sector(rows: list[Row]) -> dict[str, Any]:
    tallies = tally_public_sector(rows)
    return {
        "uuid": stable_uuid("implementation", "public-sector"),
        "source": f"#{_CATALOGUE}",
        "description": "Public-sector controls, as far as rules over templates can check them.",
        "implemented-requirements": [
            _requirement("public-sector", each.id, tallies[each.id], f"{each.title}: {each.part}. ")
            for each in public_sector_controls()
            if each.id in tallies
        ],
    }


def _requirement(catalogue: str, control: str, tally: Tally, words: str) -> dict[str, Any]:
    counts = ", ".join(f"{tally.statuses[status]} {status.value}" for status in Status if tally.statuses[status])
    return {
        "uuid": stable_uuid("requirement", catalogue, control),
        "control-id": control,
        "description": f"{words}Checked by {len(tally.rules)} rules: {counts}.",
        "props": [prop("rule", rule) for rule in tally.rules],
    }


def _names(evidence: Evidence) -> list[str]:
    return [profile.name for profile in evidence.profiles]
