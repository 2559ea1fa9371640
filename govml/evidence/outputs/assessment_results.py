"""OSCAL assessment results: what each rule observed, what follows for each control, and the risks that were accepted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from govml.evidence.acknowledgement import Acknowledgement
from govml.evidence.controls import Tally, oscal_id, tally_nist
from govml.evidence.evidence import Evidence, Profile
from govml.evidence.outputs.identity import stable_uuid
from govml.evidence.outputs.oscal import COMPONENT, metadata, moment, prop
from govml.evidence.row import Row, Status

_PLAN = stable_uuid("assessment-plan")


def assessment_results(evidence: Evidence) -> dict[str, Any]:
    """Return the results: one for each profile."""
    by_profile: dict[str, list[Row]] = defaultdict(list)
    for row in evidence.rows:
        by_profile[row.profile].append(row)
    names = [profile.name for profile in evidence.profiles]
    return {
        "assessment-results": {
            "uuid": stable_uuid("assessment-results", evidence.day.isoformat(), *names),
            "metadata": metadata(evidence, "govml-blueprint: rules over the synthesised templates"),
            "import-ap": {"href": f"#{_PLAN}"},
            "results": [_result(evidence, each, by_profile[each.name]) for each in evidence.profiles],
            "back-matter": {
                "resources": [
                    {
                        "uuid": _PLAN,
                        "title": "Assessment plan",
                        "description": "Every rule of every pack over every resource of every template, before deployment.",
                    }
                ]
            },
        }
    }


def _result(evidence: Evidence, profile: Profile, rows: list[Row]) -> dict[str, Any]:
    """Return one profile's result. Rules that had nothing to look at are left out: the CSV names them."""
    seen = [row for row in rows if row.status is not Status.NOT_APPLICABLE]
    observed: dict[str, list[Row]] = defaultdict(list)
    for row in seen:
        observed[row.rule.id].append(row)
    risks = [each for each in evidence.acknowledgements if profile.name in each.profiles]
    tallies = tally_nist(seen)
    result: dict[str, Any] = {
        "uuid": stable_uuid("result", profile.name),
        "title": f"Profile {profile.name}",
        "description": _words(profile),
        "start": moment(evidence),
        "end": moment(evidence),
        "reviewed-controls": _reviewed(tallies),
    }
    inventory = _inventory(profile, seen)
    if inventory:
        result["local-definitions"] = {"inventory-items": inventory}
    if observed:
        result["observations"] = [_observation(evidence, profile, each) for _, each in sorted(observed.items())]
    if risks:
        result["risks"] = [_risk(profile, each) for each in risks]
    if tallies:
        result["findings"] = [_finding(profile, each, tally, risks) for each, tally in tallies.items()]
    return result


def _words(profile: Profile) -> str:
    words = f"{profile.resources} resources in {profile.stacks} stacks. Proven to have run: "
    words += ", ".join(profile.proven) or "no pack"
    return f"{words}. NOT proven to have run: {', '.join(profile.unproven)}." if profile.unproven else f"{words}."


def _reviewed(tallies: dict[str, Tally]) -> dict[str, Any]:
    if not tallies:
        return {"control-selections": [{"description": "No control: no rule had anything to look at."}]}
    return {"control-selections": [{"include-controls": [{"control-id": each} for each in tallies]}]}


def _inventory(profile: Profile, rows: list[Row]) -> list[dict[str, Any]]:
    resources = sorted({row.resource for row in rows if row.resource is not None})
    return [
        {
            "uuid": _item(profile, each.template, each.logical_id),
            "description": each.path or f"{each.template}: {each.logical_id}",
            "props": [
                prop("resource-type", each.type),
                prop("template", each.template),
                prop("logical-id", each.logical_id),
            ],
            "implemented-components": [{"component-uuid": COMPONENT}],
        }
        for each in resources
    ]


def _observation(evidence: Evidence, profile: Profile, rows: list[Row]) -> dict[str, Any]:
    rule = rows[0].rule
    observation: dict[str, Any] = {
        "uuid": stable_uuid("observation", profile.name, rule.id),
        "title": rule.id,
        "description": rule.title or rule.id,
        "props": [prop("pack", rule.source), *(prop("public-sector-control", each) for each in rule.public_sector)],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "collected": moment(evidence),
    }
    subjects = [
        {
            "subject-uuid": _item(profile, row.template, row.logical_id),
            "type": "inventory-item",
            "title": row.path or row.logical_id,
            "props": [prop("outcome", row.status.value), *([prop("detail", row.detail)] if row.detail else [])],
        }
        for row in rows
        if row.resource is not None
    ]
    if subjects:
        observation["subjects"] = subjects
    else:
        observation["remarks"] = "; ".join(sorted({f"{row.status.value}: {row.message}" for row in rows}))
    return observation


def _risk(profile: Profile, each: Acknowledgement) -> dict[str, Any]:
    return {
        "uuid": _risk_id(profile, each),
        "title": f"{each.rule} accepted",
        "description": f"{each.rows[0].rule.title or each.rule}, at {', '.join(each.places)}",
        "statement": each.reason,
        "status": "deviation-approved",
        "deadline": f"{each.expires}T00:00:00+00:00",
        "props": [prop("owner", each.owner), prop("source", each.source)],
        "related-observations": [{"observation-uuid": stable_uuid("observation", profile.name, each.rule)}],
    }


def _finding(profile: Profile, control: str, tally: Tally, risks: list[Acknowledgement]) -> dict[str, Any]:
    """Return what follows for one control; only passes alone count as satisfied."""
    verdict = tally.verdict
    state = "satisfied" if verdict == Status.PASS else "not-satisfied"
    reason = {Status.PASS.value: "pass", Status.FAIL.value: "fail"}.get(verdict, "other")
    counts = ", ".join(f"{tally.statuses[status]} {status.value}" for status in Status if tally.statuses[status])
    finding: dict[str, Any] = {
        "uuid": stable_uuid("finding", profile.name, control),
        "title": f"{control}: {verdict}",
        "description": f"{counts}. This is what rules over templates see of the control, not the whole of it.",
        "target": {
            "type": "statement-id",
            "target-id": f"{control}_smt",
            "status": {"state": state, "reason": reason},
        },
        "related-observations": [
            {"observation-uuid": stable_uuid("observation", profile.name, rule)} for rule in tally.rules
        ],
    }
    related = [each for each in risks if control in {oscal_id(name) for name in each.rows[0].rule.controls}]
    if related:
        finding["related-risks"] = [{"risk-uuid": _risk_id(profile, each)} for each in related]
    return finding


def _item(profile: Profile, template: str, logical_id: str) -> str:
    return stable_uuid("inventory-item", profile.name, template, logical_id)


def _risk_id(profile: Profile, each: Acknowledgement) -> str:
    return stable_uuid("risk", profile.name, each.rule, each.source, *each.places)
