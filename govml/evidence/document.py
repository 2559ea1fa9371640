"""The evidence as plain data, for `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from govml.evidence.acknowledgement import Acknowledgement
from govml.evidence.controls import Tally, public_sector_controls, tally_nist, tally_public_sector
from govml.evidence.evidence import Evidence, Profile
from govml.evidence.row import Row, Status


def document(evidence: Evidence) -> dict[str, Any]:
    """Return one JSON document.

    `acknowledgements` holds one entry for each line of code and rule, over all profiles; `acknowledged_findings` one for
    each finding that they cover. `passed` counts passes by source of rules. `rows` is the whole matrix; a row's rule, up to
    the first bracket, is a key of `rules`.
    """
    public_sector = tally_public_sector(evidence.rows)
    return {
        "date": evidence.day.isoformat(),
        "clean": evidence.passed,
        "profiles": [_profile(each) for each in evidence.profiles],
        "counts": {
            **{status.value.replace("-", "_"): number for status, number in _all_statuses(evidence.rows).items()},
            "open": len(evidence.open),
            "acknowledgements": len(evidence.acknowledgements),
        },
        "passed": _passes(evidence.rows),
        "acknowledgements": [_acknowledgement(each) for each in evidence.acknowledgements],
        "acknowledged_findings": [_finding(row) for row in evidence.rows if row.status is Status.ACKNOWLEDGED],
        "open": [asdict(each) for each in evidence.open],
        "controls": {
            "nist_800_53_r5": _tallies(tally_nist(evidence.rows)),
            "public_sector": [
                {**asdict(control), **(_tally(public_sector.get(control.id)))} for control in public_sector_controls()
            ],
        },
        "rules": _rules(evidence.rows),
        "rows": [_slim(row) for row in evidence.rows],
    }


def row_data(row: Row) -> dict[str, Any]:
    """Return one row of the matrix, flat."""
    return {
        "profile": row.profile,
        "status": row.status.value,
        "source_of_rule": row.rule.source,
        "rule": row.rule_id,
        "title": row.rule.title,
        "severity": row.rule.severity,
        "nist_800_53_r5": list(row.rule.controls),
        "public_sector": list(row.rule.public_sector),
        "template": row.template,
        "logical_id": row.logical_id,
        "type": row.type,
        "resource": row.path,
        "message": row.message,
        "reason": row.reason,
        "owner": row.owner,
        "expires": row.expires,
        "source": row.source_line,
    }


def _rules(rows: Iterable[Row]) -> dict[str, Any]:
    """Return what rows have in common, by rule id without details."""
    rules = {row.rule.id: row.rule for row in rows}
    return {
        each.id: {
            "source": each.source,
            "title": each.title,
            "severity": each.severity,
            "nist_800_53_r5": list(each.controls),
            "public_sector": list(each.public_sector),
        }
        for each in sorted(rules.values(), key=lambda rule: rule.id)
    }


def _slim(row: Row) -> dict[str, Any]:
    """Return a row without what `rules` says, and without empty fields: there are thousands of them."""
    shared = ("source_of_rule", "title", "severity", "nist_800_53_r5", "public_sector")
    return {key: value for key, value in row_data(row).items() if value and key not in shared}


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "profile": profile.name,
        "stacks": profile.stacks,
        "resources": profile.resources,
        "proven": list(profile.proven),
        "unproven": list(profile.unproven),
        **{status.value.replace("-", "_"): profile.statuses[status] for status in Status},
    }


def _acknowledgement(each: Acknowledgement) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "construct": each.places[0],
        "constructs": list(each.places),
        "details": list(each.details),
        "profiles": list(each.profiles),
        "reason": each.reason,
        "owner": each.owner,
        "expires": each.expires,
        "source": each.source,
        "findings": len(each.rows),
    }


def _finding(row: Row) -> dict[str, Any]:
    return {
        "rule": row.rule_id,
        "construct": row.acknowledged_at,
        "resource": row.path,
        "template": row.template,
        "profile": row.profile,
        "reason": row.reason,
        "owner": row.owner,
        "expires": row.expires,
        "source": row.source_line,
    }


def _all_statuses(rows: Iterable[Row]) -> dict[Status, int]:
    found = Counter(row.status for row in rows)
    return {status: found[status] for status in Status}


def _passes(rows: Iterable[Row]) -> dict[str, int]:
    found = Counter(row.rule.source for row in rows if row.status is Status.PASS)
    return {"total": found.total(), **dict(sorted(found.items()))}


def _tallies(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {control: _tally(tally) for control, tally in tallies.items()}


def _tally(tally: Tally | None) -> dict[str, Any]:
    if tally is None:
        return {"verdict": "no rule", "statuses": {}, "rules": []}
    statuses = {status.value: tally.statuses[status] for status in Status if tally.statuses[status]}
    return {"verdict": tally.verdict, "statuses": statuses, "rules": list(tally.rules)}
