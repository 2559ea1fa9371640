"""SARIF 2.1.0: open findings as results, accepted ones as suppressed results at the line that accepts them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from govml import __version__
from govml.evidence.evidence import Evidence
from govml.evidence.outputs.identity import stable_uuid
from govml.evidence.row import Row, Status
from govml.evidence.rule import EvidenceRule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"warning": "warning", "medium": "warning", "low": "note", "info": "note"}


def sarif(evidence: Evidence) -> dict[str, Any]:
    """Return the log: one run.

    What makes the whole untrustworthy (a pack that did not run) stands in the run's invocation, whose
    `executionSuccessful` is then false: a viewer must not show an empty list as a clean one.
    """
    rows = [row for row in evidence.rows if row.status in (Status.FAIL, Status.ACKNOWLEDGED)]
    rules = sorted({row.rule.id: row.rule for row in rows}.values(), key=lambda rule: rule.id)
    index = {rule.id: position for position, rule in enumerate(rules)}
    driver = {
        "name": "govml",
        "version": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_invocation(evidence)],
                "originalUriBaseIds": {
                    "REPOSITORY": {"description": {"text": "The folder of the blueprint's own code."}},
                    "ASSEMBLY": {"description": {"text": "The folder of synthesised templates."}},
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(row, index[row.rule.id]) for row in rows],
            }
        ],
    }


def _rule(rule: EvidenceRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title or rule.id},
        "defaultConfiguration": {"level": _level(rule)},
        "properties": {
            "tags": ["security", *(f"NIST-800-53-R5-{each}" for each in rule.controls)],
            "publicSectorControls": list(rule.public_sector),
            "pack": rule.source,
        },
    }


def _result(row: Row, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": row.rule.id,
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": _level(row.rule),
        "message": {"text": f"{row.message or row.rule.title} [{row.rule_id} at {row.path or '(no resource)'}]"},
        "locations": [_location(row)],
        "partialFingerprints": {"govml/v1": stable_uuid("result", row.profile, row.rule_id, row.path)},
        "properties": {"profile": row.profile, "resourceType": row.type, "logicalId": row.logical_id},
    }
    if row.status is Status.ACKNOWLEDGED:
        suppression = {
            "kind": "inSource",
            "justification": row.reason,
            "properties": {"owner": row.owner, "expires": row.expires, "acknowledgedAt": row.acknowledged_at},
        }
        if row.source_line:
            suppression["location"] = {"physicalLocation": _source(row)}
        result["suppressions"] = [suppression]
    return result


def _location(row: Row) -> dict[str, Any]:
    """Return where the finding is: the code that accepts it, or else the resource in its template."""
    location: dict[str, Any] = {}
    if row.status is Status.ACKNOWLEDGED and row.source_line:
        location["physicalLocation"] = _source(row)
    elif row.resource is not None:
        location["physicalLocation"] = _physical(row.template, row.resource.line, "ASSEMBLY")
    location["logicalLocations"] = [{"fullyQualifiedName": row.path or row.rule.source, "kind": "resource"}]
    return location


def _source(row: Row) -> dict[str, Any]:
    file, _, line = row.source_line.rpartition(":")
    return _physical(file, int(line), "REPOSITORY")


def _physical(file: str, line: int, base: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(file), "uriBaseId": base}, "region": {"startLine": line}}


def _invocation(evidence: Evidence) -> dict[str, Any]:
    against = [each for each in evidence.open if each.kind != "open-finding"]
    return {
        "executionSuccessful": not against and not any(profile.unproven for profile in evidence.profiles),
        "endTimeUtc": f"{evidence.day.isoformat()}T00:00:00Z",
        "toolExecutionNotifications": [
            {
                "level": "error",
                "descriptor": {"id": each.kind},
                "message": {"text": f"{each.profile}: {each.rule}: {each.message}"},
            }
            for each in against
        ],
    }


def _level(rule: EvidenceRule) -> str:
    return _LEVELS.get(rule.severity, "error")
