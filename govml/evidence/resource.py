"""A synthesised assembly as the evidence reads it: resources with their construct paths and classes, and the report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from govml.gate.assembly import Stack, read_stacks
from govml.gate.report import BadReportError, PluginReport, read_report

_LOGICAL_ID = "aws:cdk:logicalId"
_NOT_JUDGED = "AWS::CDK::Metadata"
"""CDK's own usage record, which has no properties that a rule could look at."""
_ENTRY = re.compile(r' {2}"(\w+)": \{')
"""A resource in a template as CDK writes it: one space of indentation a level."""


@dataclass(frozen=True, order=True)
class Resource:
    """One resource of one template.

    Args:
        template: the template, relative to the assembly.
        logical_id: its name in the template.
        type: its CloudFormation type.
        path: its construct path; empty when the assembly does not say.
        cdk_class: the class of the construct, such as `aws-cdk-lib.aws_s3.CfnBucket`; empty when the assembly does not say.
        line: where it starts in the template; 1 when that is not known.
    """

    template: str
    logical_id: str
    type: str
    path: str
    cdk_class: str
    line: int = 1


@dataclass(frozen=True)
class Assembly:
    """One assembly, and what it was made from.

    Args:
        profile: short name of the agency file, such as `sandbox`.
        directory: the assembly.
        stacks: its stacks.
        resources: all resources that rules may look at, sorted.
        plugins: what CDK's validation report says; empty when it cannot be used.
        report_problem: why it cannot be used, or empty.
    """

    profile: str
    directory: Path
    stacks: tuple[Stack, ...]
    resources: tuple[Resource, ...]
    plugins: tuple[PluginReport, ...]
    report_problem: str = ""

    @cached_property
    def by_path(self) -> dict[str, Resource]:
        """Construct path -> resource."""
        return {each.path: each for each in self.resources if each.path}

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Resource]:
        """(template, logical id) -> resource."""
        return {(each.template, each.logical_id): each for each in self.resources}

    @cached_property
    def acknowledgements(self) -> tuple[tuple[str, str, str], ...]:
        """(construct path, qualified rule id, text) of every acknowledgement in the assembly's metadata."""
        return tuple(each for stack in self.stacks for each in stack.acknowledgements)


def read_assembly(directory: Path, profile: str) -> Assembly:
    """Read an assembly.

    Args:
        directory: the assembly, such as `cdk.out`.
        profile: what to call it in the evidence.

    Raises:
        UserError: the folder is not a cloud assembly.
    """
    stacks = tuple(read_stacks(directory))
    try:
        plugins, problem = tuple(read_report(directory)), ""
    except BadReportError as error:
        plugins, problem = (), str(error)
    classes = _classes(directory)
    resources = sorted(each for stack in stacks for each in _resources(directory, stack, classes))
    return Assembly(profile, directory, stacks, tuple(resources), plugins, problem)


def _resources(directory: Path, stack: Stack, classes: dict[str, str]) -> Iterator[Resource]:
    paths = {str(data): path for path, kind, data in stack.metadata if kind == _LOGICAL_ID}
    lines = _lines(stack.template)
    template = stack.template.relative_to(directory).as_posix()
    for logical_id, each in stack.resources_of_template.items():
        if each["Type"] != _NOT_JUDGED:
            path = paths.get(logical_id, "")
            yield Resource(template, logical_id, each["Type"], path, classes.get(path, ""), lines.get(logical_id, 1))


def _lines(template: Path) -> dict[str, int]:
    """Return logical id -> the line on which the resource starts."""
    found: dict[str, int] = {}
    for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), start=1):
        match = _ENTRY.fullmatch(line)
        if match:
            found.setdefault(match[1], number)
    return found


def _classes(directory: Path) -> dict[str, str]:
    """Return construct path -> class, from `tree.json`; nothing when there is none, so that nothing can be claimed."""
    try:
        root = json.loads((directory / "tree.json").read_bytes())["tree"]
        return dict(_walk(root))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _walk(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield str(node["path"]), str((node.get("constructInfo") or {}).get("fqn") or "")
    for child in (node.get("children") or {}).values():
        yield from _walk(child)
