"""The own rules over an assembly: run by the gate itself, so that nobody has to prove that they ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.gate.assembly import Stack
from govml.gate.verdict import Accepted, Refusal
from govml.rules.engine import check_templates
from govml.rules.finding import Finding
from govml.rules.options_file import load_options
from govml_constructs.validation.acknowledgement_text import AcknowledgementText

PLUGIN = "GovML"
"""Name of the own rules in CDK's report, and the first part of their qualified ids."""


@dataclass(frozen=True)
class Judged:
    """One finding, and the acknowledgement that covers it: (construct path, qualified rule, text), or None."""

    finding: Finding
    path: str
    acknowledgement: tuple[str, str, str] | None


def judge_templates(directory: Path, stacks: Sequence[Stack]) -> list[Judged]:
    """Check every template of an assembly.

    Args:
        directory: the assembly; it holds the options.
        stacks: its stacks.

    Raises:
        UserError: the options cannot be read.
    """
    found: dict[str, list[Finding]] = {}
    for finding in check_templates([stack.template for stack in stacks], load_options(directory)):
        found.setdefault(finding.template, []).append(finding)
    judged = []
    for stack in stacks:
        written = [each for each in stack.acknowledgements if each[1].startswith(f"{PLUGIN}::")]
        for finding in found.get(str(stack.template), ()):
            path = construct_path(stack.resources_of_template, finding.logical_id, stack.path)
            judged.append(Judged(finding, path, _covering(written, finding.rule, path)))
    return judged


def construct_path(resources: Mapping[str, Any], logical_id: str, default: str) -> str:
    """Return where in the construct tree a resource was made, as CDK notes it in the template."""
    metadata = (resources.get(logical_id) or {}).get("Metadata") or {}
    return str(metadata.get("aws:cdk:path") or f"{default}/{logical_id}")


def _covering(written: Sequence[tuple[str, str, str]], rule: str, path: str) -> tuple[str, str, str] | None:
    for each in written:
        if each[1] == f"{PLUGIN}::{rule}" and f"{path}/".startswith(f"{each[0]}/"):
            return each
    return None


def open_own_findings(judged: Sequence[Judged]) -> Iterator[Refusal]:
    """Every finding that nobody has accepted."""
    for each in judged:
        if each.acknowledgement is None:
            finding = each.finding
            yield Refusal("open-finding", finding.rule, each.path, f"{finding.severity}: {finding.message}")


def stale_own(acknowledgements: Sequence[tuple[str, str, str]], judged: Sequence[Judged]) -> Iterator[Refusal]:
    """An acknowledgement of an own rule that matches nothing."""
    used = {each.acknowledgement for each in judged}
    for each in acknowledgements:
        if each[1].startswith(f"{PLUGIN}::") and each not in used:
            yield Refusal("stale-acknowledgement", each[1], each[0], "matches no finding", "remove it")


def accepted_own(judged: Sequence[Judged]) -> Iterator[Accepted]:
    """Return every acknowledged finding of an own rule once, with the number of resources that it covers."""
    covered: dict[tuple[str, str, str], list[Judged]] = {}
    for each in judged:
        if each.acknowledgement is not None:
            covered.setdefault(each.acknowledgement, []).append(each)
    for (path, _, text), findings in covered.items():
        try:
            parsed = AcknowledgementText.parse(text)
        except ValueError:
            continue  # refused as unusable
        first = findings[0].finding
        yield Accepted(
            first.rule,
            first.severity,
            path,
            len(findings),
            parsed.reason,
            parsed.owner,
            parsed.expires,
            parsed.source,
        )
