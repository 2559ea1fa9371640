"""Our own rules as a source: run here over the templates, as the gate runs them, so that nothing has to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from govml.evidence.resource import Assembly
from govml.evidence.rule import ANY_CLASS, EvidenceRule, Told
from govml.gate.own_rules import PLUGIN, judge_templates
from govml.rules.options import Options
from govml.rules.options_file import load_options
from govml.rules.registry import Rule, load_rules


@dataclass(frozen=True)
class OwnRules:
    """The rules of `govml.rules`, with the options that the assembly was made with."""

    name: str = PLUGIN

    def rules(self, assembly: Assembly) -> tuple[EvidenceRule, ...]:
        """Return every rule; one whose demand the agency file does not make looks at nothing."""
        options = load_options(assembly.directory)
        return tuple(_rule(each, options) for each in load_rules().values())

    def proven(self, _: Assembly) -> bool:
        """Return True: `findings` runs every rule itself, and an error in one ends the command."""
        return True

    def findings(self, assembly: Assembly) -> Iterator[Told]:
        """Run the rules over every template of the assembly."""
        templates = {str(stack.template): stack.template.relative_to(assembly.directory) for stack in assembly.stacks}
        for each in judge_templates(assembly.directory, assembly.stacks):
            at, _, text = each.acknowledgement or ("", "", "")
            template = templates[each.finding.template].as_posix()
            yield Told(each.finding.rule, template, each.finding.logical_id, each.finding.message, at, text)


def _rule(rule: Rule, options: Options) -> EvidenceRule:
    found = EvidenceRule(
        id=rule.id,
        source=PLUGIN,
        title=rule.title,
        severity=rule.severity,
        controls=rule.controls,
        public_sector=rule.public_sector_controls,
        types=dict.fromkeys(rule.resource_types, ANY_CLASS),
    )
    if rule.demand is None or getattr(options, rule.demand):
        return found
    return replace(found, types={}, idle=f"the agency file does not ask for it ({rule.demand})")
