"""Our own rules as a source: run here over the templates, so that nothing has to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from govml.evidence.resource import Assembly
from govml.evidence.rule import ANY_CLASS, EvidenceRule, Told
from govml.rules.engine import check_templates
from govml.rules.options import Options
from govml.rules.registry import load_rules


@dataclass(frozen=True)
class OwnRules:
    """The rules of `govml.rules`.

    Args:
        options: what the landing zone demands; a rule whose demand is not made has nothing to say.
        name: the plugin's name in CDK's report.
    """

    options: Options = field(default_factory=Options)
    name: str = "GovML"

    def rules(self) -> tuple[EvidenceRule, ...]:
        """Return the rules that apply under the options."""
        return tuple(
            EvidenceRule(
                id=each.id,
                source=self.name,
                title=each.title,
                severity=each.severity,
                controls=each.controls,
                public_sector=each.public_sector_controls,
                types=dict.fromkeys(each.resource_types, ANY_CLASS),
            )
            for each in load_rules().values()
            if each.demand is None or getattr(self.options, each.demand)
        )

    def proven(self, _: Assembly) -> bool:
        """Return True: `findings` runs every rule itself, and an error in one ends the command."""
        return True

    def findings(self, assembly: Assembly) -> Iterator[Told]:
        """Run the rules over every template of the assembly."""
        paths = {str(assembly.directory / stack.template): stack.template for stack in assembly.stacks}
        for each in check_templates(map(assembly.directory.joinpath, paths.values()), self.options):
            yield Told(each.rule, paths[each.template], each.logical_id, each.message)
