"""The evidence in files. The same evidence gives the same bytes: every date is the day it was judged on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from govml.evidence.document import document
from govml.evidence.evidence import Evidence
from govml.evidence.outputs.assessment_results import assessment_results
from govml.evidence.outputs.component_definition import component_definition
from govml.evidence.outputs.page import page
from govml.evidence.outputs.sarif import sarif
from govml.evidence.outputs.table import table


def _json(make: Callable[[Evidence], object]) -> Callable[[Evidence], str]:
    return lambda evidence: json.dumps(make(evidence), indent=1, ensure_ascii=False) + "\n"


OUTPUTS: Mapping[str, Callable[[Evidence], str]] = {
    "evidence.html": page,
    "evidence.csv": table,
    "evidence.sarif": _json(sarif),
    "evidence.json": _json(document),
    "oscal-component-definition.json": _json(component_definition),
    "oscal-assessment-results.json": _json(assessment_results),
}
"""File name -> what writes it."""


def write_all(evidence: Evidence, folder: Path) -> list[Path]:
    """Write every output and return the files.

    Args:
        evidence: what to write.
        folder: where; it is made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in OUTPUTS.items():
        (folder / name).write_text(make(evidence), encoding="utf-8", newline="")
    return [folder / name for name in OUTPUTS]
