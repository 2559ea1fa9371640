"""Judge one assembly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from govml.gate import acknowledgements as acks
from govml.gate import plugins as runs
from govml.gate.assembly import read_stacks
from govml.gate.own_rules import PLUGIN, Judged, accepted_own, judge_templates, open_own_findings, stale_own
from govml.gate.report import REPORT, BadReportError, PluginReport, read_report
from govml.gate.verdict import Refusal, Verdict
from govml.rules.registry import load_rules


def judge(directory: Path, today: date) -> Verdict:
    """Judge a synthesised assembly.

    Args:
        directory: the assembly, such as `cdk.out`.
        today: the day on which acknowledgements must hold.

    Raises:
        UserError: the folder is not a cloud assembly.
    """
    stacks = read_stacks(directory)
    refusals: list[Refusal] = []
    plugins: list[PluginReport] = []
    own: list[Judged] = []
    try:
        plugins = read_report(directory)
    except BadReportError as error:
        refusals.append(Refusal("bad-report", REPORT, "", str(error), "run `govml synth`"))
    else:
        own = judge_templates(directory, stacks)
        written = [each for stack in stacks for each in stack.acknowledgements]
        refusals += [
            *runs.crashed_plugins(plugins),
            *runs.missing_packs(plugins),
            *runs.repeated_plugins(plugins),
            *runs.open_findings(plugins, without=PLUGIN),
            *open_own_findings(own),
            *runs.open_annotations(stacks, plugins),
            *acks.without_pack(written),
            *acks.unusable(written, today),
            *acks.stale(written, plugins),
            *stale_own(written, own),
            *acks.repeated(written),
            *acks.too_wide(written, stacks),
            *acks.above_the_stacks(plugins, stacks),
        ]
    return Verdict(
        packs=runs.proven_packs(plugins),
        stacks=len(stacks),
        resources=sum(stack.resources for stack in stacks),
        accepted=(*acks.accepted(plugins, without=PLUGIN), *accepted_own(own)),
        own_rules=len(load_rules()),
        refusals=tuple(refusals),
    )
