"""Run the rules over templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from govml.rules.finding import Finding
from govml.rules.options import Options
from govml.rules.registry import ANY, TEMPLATE, Rule, load_rules
from govml.rules.template import Resource, Template, read_template


def check_templates(paths: Iterable[Path], options: Options | None = None) -> list[Finding]:
    """Check template files.

    Args:
        paths: CloudFormation templates, JSON or YAML.
        options: what the landing zone demands; None: the defaults.

    Returns:
        The findings, in the order of the files, then of logical ids and rules.

    Raises:
        UserError: a file is missing or is no template.
    """
    found, applied = [], applicable(options or Options())
    for path in paths:
        found += _found(read_template(path), applied, options or Options())
    return found


def check_sides(template_sides: Iterable[Template], options: Options) -> list[Finding]:
    """Check the sides of one template; a finding that both have counts once."""
    return _found(template_sides, applicable(options), options)


def _found(template_sides: Iterable[Template], applied: dict[str, list[Rule]], options: Options) -> list[Finding]:
    return sorted({finding for side in template_sides for finding in _check(side, applied, options)})


def applicable(options: Options) -> dict[str, list[Rule]]:
    """Return the rules by resource type, without those whose demand the options do not make."""
    by_type: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        if rule.demand is None or getattr(options, rule.demand):
            for each in rule.resource_types:
                by_type.setdefault(each, []).append(rule)
    return by_type


def _check(template: Template, by_type: dict[str, list[Rule]], options: Options) -> Iterator[Finding]:
    everywhere = by_type.get(ANY, [])
    judged = [(each, [*by_type.get(each.type, ()), *everywhere]) for each in template.resources.values()]
    for resource, rules in [*judged, (Resource("", TEMPLATE, {}), by_type.get(TEMPLATE, []))]:
        for rule in rules:
            for message in _messages(rule, resource, template, options):
                yield Finding(template.name, resource.logical_id, rule.id, rule.severity, message)


def _messages(rule: Rule, resource: Resource, template: Template, options: Options) -> list[str]:
    """Return what a rule says; a value of a kind that CloudFormation refuses anyway is a finding, never a pass."""
    try:
        return list(rule.check(resource, template, options))
    except (TypeError, AttributeError, ValueError, LookupError):
        return ["cannot be judged: a property holds a value of another kind than CloudFormation takes"]
