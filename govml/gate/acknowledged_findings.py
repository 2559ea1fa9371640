"""Acknowledgements of the findings of a template that still lies in the cloud assembly in which CDK wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from govml.errors import UserError
from govml.gate.assembly import Stack, read_stacks
from govml.gate.own_rules import construct_path
from govml.rules.finding import Finding


def split_acknowledged(found: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Part the findings into those that nobody has accepted, and those that stand acknowledged beside their cause.

    A template outside an assembly has no acknowledgements: all its findings are open. What the acknowledgements are worth
    (reason, owner, expiry) is the gate's business.
    """
    stacks: dict[Path, dict[Path, Stack]] = {}
    open_findings: list[Finding] = []
    accepted: list[Finding] = []
    for each in found:
        template = Path(each.template).resolve()
        if template.parent not in stacks:
            stacks[template.parent] = _stacks(template.parent)
        stack = stacks[template.parent].get(template)
        (accepted if stack is not None and _covered(stack, each) else open_findings).append(each)
    return open_findings, accepted


def _stacks(folder: Path) -> dict[Path, Stack]:
    if not (folder / "manifest.json").is_file():
        return {}
    try:
        return {stack.template.resolve(): stack for stack in read_stacks(folder)}
    except UserError:  # another tool's manifest.json
        return {}


def _covered(stack: Stack, finding: Finding) -> bool:
    path = construct_path(stack.resources_of_template, finding.logical_id, stack.path)
    return any(
        rule.partition("::")[2] == finding.rule and f"{path}/".startswith(f"{at}/")
        for at, rule, _ in stack.acknowledgements
    )
