"""A template with mistakes that every scanner must find: without that, a silent scanner could pass for a satisfied one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from govml.scan.finding import ScanFinding

FILE = "canary.template.json"
EXPECTED = {
    "cfn-lint": "E3002",  # a property that the type does not have
    "checkov": "CKV_AWS_18",  # a bucket without access logs
    "cloudformation-validate": "F3002",
}
"""Scanner -> the rule under which it must find the canary."""

_TEMPLATE = {"Resources": {"Canary": {"Type": "AWS::S3::Bucket", "Properties": {"NoSuchProperty": "positive control"}}}}


def write_canary(folder: Path) -> Path:
    """Write the template into a folder and return it."""
    path = folder / FILE
    path.write_text(json.dumps(_TEMPLATE))
    return path


def unproven(found: Iterable[ScanFinding]) -> list[str]:
    """Return the scanners that did not find the canary."""
    seen = {(each.scanner, each.rule) for each in found if Path(each.template).name == FILE}
    return [scanner for scanner, rule in EXPECTED.items() if (scanner, rule) not in seen]


def without_canary(found: Iterable[ScanFinding]) -> list[ScanFinding]:
    """Return the findings that are about real templates."""
    return [each for each in found if Path(each.template).name != FILE]
