"""Every rule over every resource: findings from CDK's report, and the rest reconstructed.

cdk-nag reports what it finds and is silent about the rest. A pass is therefore claimed for a rule and a resource only
when all of this holds: the pack proved in this very report that it ran over this tree; the rule looks at resources of
this type; the construct is of the class that the rule asks for; no finding names it; and no acknowledgement makes the
pack drop a finding unseen.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from govml.evidence.resource import Assembly, Resource
from govml.evidence.row import Row, Status
from govml.evidence.rule import EvidenceRule, RuleSource, Told
from govml.gate.acknowledgements import without_pack
from govml_constructs.validation.acknowledgement_text import AcknowledgementText
from govml_constructs.validation.nag_canary import CANARY_PATH

_ID = re.compile(r"(?P<rule>[^\[]*)(?:\[(?P<detail>.*)\])?", re.DOTALL)


def matrix(assembly: Assembly, sources: Iterable[RuleSource], today: date) -> tuple[Row, ...]:
    """Return every row of one assembly, sorted.

    Args:
        assembly: the assembly.
        sources: the packs and own rules.
        today: the day on which acknowledgements must hold.
    """
    by_source = [(source, source.rules(assembly), list(source.findings(assembly))) for source in sources]
    known = {rule.id: rule for _, rules, _ in by_source for rule in rules}
    self_told = {source.name for source, _, told in by_source if told}
    rows = [*_reported(assembly, known, today, without=self_told)]
    rows += [_told(assembly, known[each.rule], each, today) for _, _, told in by_source for each in told]
    rows += _hidden(assembly, known)
    said = {_place(row) for row in rows}
    for source, rules, _ in by_source:
        proven = source.proven(assembly)
        for rule in rules:
            rows += _silent(assembly, rule, said, proven=proven)
    return tuple(sorted(rows, key=lambda row: row.order))


def _reported(
    assembly: Assembly, known: Mapping[str, EvidenceRule], today: date, *, without: Container[str]
) -> Iterator[Row]:
    """What CDK's report says, leaving out the plugins whose source tells the same itself."""
    for plugin in assembly.plugins:
        for violation in (*plugin.violations, *plugin.acknowledged) if plugin.name not in without else ():
            name = _ID.fullmatch(violation.rule)
            rule_id, detail = (name["rule"], name["detail"] or "") if name else (violation.rule, "")
            rule = known.get(rule_id) or EvidenceRule(
                rule_id, plugin.name, violation.description, violation.severity, (), (), {}
            )
            for path in violation.constructs or ("",):
                if path == CANARY_PATH:
                    continue
                row = Row(assembly.profile, Status.FAIL, rule, detail, assembly.by_path.get(path), path)
                row = replace(row, message=violation.description, acknowledged_at=violation.acknowledged_at)
                if violation.acknowledged_id:
                    yield _accepted(row, violation.reason, today)
                elif violation.counts:
                    yield row
                else:
                    yield replace(row, status=Status.NOT_APPLICABLE, message="for information only")


def _told(assembly: Assembly, rule: EvidenceRule, told: Told, today: date) -> Row:
    """What a source finds by itself."""
    resource = assembly.by_name.get((told.template, told.logical_id))
    path = resource.path if resource else ""
    row = Row(assembly.profile, Status.FAIL, rule, "", resource, path, told.message)
    row = replace(row, acknowledged_at=told.acknowledged_at)
    return _accepted(row, told.text, today) if told.acknowledged_at else row


def _accepted(row: Row, text: str, today: date) -> Row:
    """Fill in what an acknowledgement says; it counts only when it can stand today."""
    try:
        said = AcknowledgementText.parse(text)
    except ValueError as error:
        return replace(row, message=f"{row.message} - its acknowledgement cannot stand: {error}")
    row = replace(row, reason=said.reason, owner=said.owner, expires=said.expires.isoformat(), source_line=said.source)
    if said.expires < today:
        return replace(row, message=f"{row.message} - its acknowledgement expired on {row.expires}")
    return replace(row, status=Status.ACKNOWLEDGED)


def _place(row: Row) -> tuple[str, str, str]:
    """What a row is about. The logical id stands for a resource whose construct path is not known."""
    return row.rule.id, row.template, row.logical_id or row.path


def _hidden(assembly: Assembly, known: Mapping[str, EvidenceRule]) -> Iterator[Row]:
    """What an acknowledgement without a pack makes cdk-nag drop: nobody can say whether there was a finding."""
    for refusal in without_pack(list(assembly.acknowledgements)):
        name = _ID.fullmatch(refusal.rule)
        rule = known.get(name["rule"]) if name else None
        for resource in assembly.resources if rule else ():
            below = resource.path == refusal.path or resource.path.startswith(f"{refusal.path}/")
            if rule and below and rule.looks_at(resource):
                message = f"an acknowledgement at {refusal.path} names no pack, so a finding would be in no report"
                yield Row(assembly.profile, Status.FAIL, rule, "", resource, resource.path, message)


def _silent(assembly: Assembly, rule: EvidenceRule, said: set[tuple[str, str, str]], *, proven: bool) -> Iterator[Row]:
    """The resources about which a rule said nothing."""
    subjects = [each for each in assembly.resources if rule.looks_at(each)]
    if not subjects:
        if not any(each[0] == rule.id for each in said):
            yield (
                Row(assembly.profile, Status.NOT_APPLICABLE, rule, message=rule.idle)
                if proven
                else Row(assembly.profile, Status.NOT_RUN, rule, message=_unproven(rule))
            )
        return
    for resource in subjects:
        if (rule.id, resource.template, resource.logical_id) not in said:
            status, message = _verdict(rule, resource, proven=proven)
            yield Row(assembly.profile, status, rule, "", resource, resource.path, message)


def _verdict(rule: EvidenceRule, resource: Resource, *, proven: bool) -> tuple[Status, str]:
    if not proven:
        return Status.NOT_RUN, _unproven(rule)
    if not rule.can_see(resource):
        return Status.NOT_RUN, f"made as {resource.cdk_class or 'an unknown class'}, which this rule does not recognise"
    if rule.conditional:
        return Status.PASS, "nothing reported; by its properties the rule may have passed it over"
    return Status.PASS, "nothing reported"


def _unproven(rule: EvidenceRule) -> str:
    return f"nothing shows that {rule.source} ran over this assembly"
