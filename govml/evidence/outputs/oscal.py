"""What both OSCAL documents share. Names and shapes: NIST, OSCAL model reference, version 1.1.3."""

from __future__ import annotations

from typing import Any

from govml import __version__
from govml.evidence.evidence import Evidence
from govml.evidence.outputs.identity import stable_uuid

OSCAL_VERSION = "1.1.3"
NIST_CATALOG = (
    "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/"
    "NIST_SP-800-53_rev5_catalog.json"
)
NAMESPACE = "urn:govml-blueprint:oscal"
"""Of our own properties; a name, not a place on the web."""
COMPONENT = stable_uuid("component")


def metadata(evidence: Evidence, title: str) -> dict[str, Any]:
    """Return a document's metadata, dated by the day of the evidence."""
    return {
        "title": title,
        "last-modified": moment(evidence),
        "version": __version__,
        "oscal-version": OSCAL_VERSION,
    }


def moment(evidence: Evidence) -> str:
    """Return the day of the evidence as OSCAL writes a moment."""
    return f"{evidence.day.isoformat()}T00:00:00+00:00"


def prop(name: str, value: str) -> dict[str, str]:
    """Return one property of our own. OSCAL refuses empty values and ones with white space at their ends."""
    return {"name": name, "ns": NAMESPACE, "value": value.strip() or "none"}
