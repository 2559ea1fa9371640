"""The tables of the page."""

from __future__ import annotations

from collections import defaultdict

from govml.evidence.controls import Tally, public_sector_controls, tally_nist, tally_public_sector
from govml.evidence.evidence import Evidence
from govml.evidence.outputs.markup import code, escaped, listing, numbers, row, status, table
from govml.evidence.row import Row, Status

_NO_RULE = "no rule"


def summary(evidence: Evidence) -> str:
    """Return one row for each profile."""
    heads = ("Profile", "Stacks", "Resources", *(each.value for each in Status), "Proven to have run")
    rows = []
    for profile in evidence.profiles:
        counts = [profile.stacks, profile.resources, *(profile.statuses[each] for each in Status)]
        cells = [f"<td>{escaped(profile.name)}</td>", *(f'<td class="number">{each}</td>' for each in counts)]
        missing = f"<br><strong>not: {escaped(', '.join(profile.unproven))}</strong>" if profile.unproven else ""
        cells.append(f"<td>{escaped(', '.join(profile.proven) or 'none')}{missing}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return table(heads, rows, empty="No profile.")


def open_items(evidence: Evidence) -> str:
    """Return what stands against the assemblies."""
    rows = [
        row(
            (
                escaped(each.profile),
                f"{code(each.rule)}<br><small>{escaped(each.kind)}, {escaped(each.severity)}</small>",
                f"{code(each.resource)}<br><small>{escaped(each.template)} {escaped(each.logical_id)}</small>",
                escaped(each.message),
            ),
            outcome=Status.FAIL.value,
            profiles=(each.profile,),
        )
        for each in evidence.open
    ]
    return table(("Profile", "Rule", "Resource", "What is wrong"), rows, empty="Nothing is open.")


def acknowledgements(evidence: Evidence) -> str:
    """Return what was accepted."""
    rows = [
        row(
            (
                f"{code(each.rule)}<br><small>{escaped(each.rows[0].rule.title)}</small>",
                escaped(each.reason),
                escaped(each.owner),
                f'<span class="nowrap">{escaped(each.expires)}</span>',
                code(each.source),
                escaped(", ".join(each.profiles)),
                listing(f"{len(each.rows)} findings", [_finding(found) for found in each.rows]),
            ),
            outcome=Status.ACKNOWLEDGED.value,
            profiles=each.profiles,
        )
        for each in evidence.acknowledgements
    ]
    heads = ("Rule", "Reason", "Owner", "Until", "Line of code", "Profiles", "Findings")
    return table(heads, rows, empty="Nothing was accepted.")


def public_sector(evidence: Evidence) -> str:
    """Return the whole catalogue, with what the rules say."""
    tallies = tally_public_sector(evidence.rows)
    rows = []
    for each in public_sector_controls():
        tally = tallies.get(each.id)
        cells = (
            escaped(each.id),
            f"{escaped(each.title)}<br><small>{escaped(each.family)}</small>",
            f'<span class="nowrap">{each.low_risk} / {each.medium_risk}</span>',
            escaped(each.answered_by),
            escaped(each.part),
            *_verdict(tally),
        )
        rows.append(row(cells, outcome=tally.verdict if tally else _NO_RULE, profiles=()))
    heads = ("Control", "Title", "Level", "Answered by", "Part of the blueprint, or task", "Outcome", "Rules")
    return table(heads, rows, empty="No control.")


def nist(evidence: Evidence) -> str:
    """Return every NIST control that a rule serves."""
    rows = [
        row((escaped(control.upper()), *_verdict(tally)), outcome=tally.verdict, profiles=())
        for control, tally in tally_nist(evidence.rows).items()
    ]
    return table(("Control", "Outcome", "Rules"), rows, empty="No rule serves a control.")


def rules(evidence: Evidence) -> str:
    """Return every rule, profile and outcome, with the resources."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for each in evidence.rows:
        groups[each.rule.id, each.profile, each.status.value].append(each)
    rows = []
    for (rule_id, profile, outcome), found in sorted(groups.items()):
        rule = found[0].rule
        cells = (
            f"{code(rule_id)}<br><small>{escaped(rule.title)}</small>",
            f"{escaped(' '.join(rule.public_sector))}<br><small>{escaped(' '.join(rule.controls))}</small>",
            escaped(profile),
            status(outcome),
            listing(f"{len(found)} resources", [_resource(each) for each in found]),
        )
        rows.append(row(cells, outcome=outcome, profiles=(profile,)))
    return table(("Rule", "Controls", "Profile", "Outcome", "Resources"), rows, empty="No rule.")


def _verdict(tally: Tally | None) -> tuple[str, str]:
    if tally is None:
        return status(_NO_RULE), ""
    named = listing(f"{len(tally.rules)} rules", [code(each) for each in tally.rules])
    return f"{status(tally.verdict)}<br><small>{numbers(tally.statuses)}</small>", named


def _finding(found: Row) -> str:
    detail = f"<br><small>{escaped(found.detail)}</small>" if found.detail else ""
    return f"{code(found.path)}{detail}"


def _resource(found: Row) -> str:
    where = code(found.path or found.logical_id)
    detail = f" <small>{escaped(found.detail)}</small>" if found.detail else ""
    said = "" if found.status is Status.PASS and not found.rule.conditional else found.message
    return f"{where}{detail}<br><small>{escaped(said)}</small>" if said else f"{where}{detail}"
