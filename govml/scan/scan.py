"""Scan the templates of assemblies with every scanner, and set aside what is accepted."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from govml.evidence.resource import Assembly
from govml.scan import canary
from govml.scan.exceptions import ScanException, stale
from govml.scan.finding import ScanFinding
from govml.scan.scanners import cfn_lint, checkov, cloudformation_validate

ANY_REGION = "unknown-region"


@dataclass(frozen=True)
class ScanResult:
    """What the scan found.

    Args:
        templates: how many templates were scanned.
        open: (finding, construct path) of what nobody has accepted.
        accepted: (finding, the exception that covers it).
        stale: exceptions that match nothing.
        unproven: scanners that did not find their canary.
    """

    templates: int
    open: tuple[tuple[ScanFinding, str], ...]
    accepted: tuple[tuple[ScanFinding, ScanException], ...]
    stale: tuple[ScanException, ...]
    unproven: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Return whether every scanner is proven to have run and nothing is unexplained."""
        return not (self.open or self.stale or self.unproven)


def scan(
    assemblies: Sequence[Assembly],
    exceptions: Sequence[ScanException],
    *,
    environment: Path,
    folder: Path,
    every_profile: bool,
) -> ScanResult:
    """Scan the templates.

    Args:
        assemblies: the assemblies.
        exceptions: what is accepted.
        environment: the virtual environment of the scanners.
        folder: an empty folder to work in.
        every_profile: whether the assemblies are those of all agency files, so that every exception must match one.

    Raises:
        UserError: a scanner cannot be run.
    """
    paths: dict[tuple[str, str], str] = {}
    regions: set[str] = set()
    templates = []
    for assembly in assemblies:
        for stack in assembly.stacks:
            target = folder / assembly.profile / stack.template.relative_to(assembly.directory)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(stack.template, target)
            templates.append(target)
            regions.add(stack.region)
        for resource in assembly.resources:
            paths[str(folder / assembly.profile / resource.template), resource.logical_id] = resource.path
    found = _run_all([*templates, canary.write_canary(folder)], sorted(regions - {ANY_REGION}), environment, folder)
    opened, accepted = [], []
    for finding in sorted(canary.without_canary(found)):
        path = paths.get((finding.template, finding.logical_id), f"/{finding.logical_id}")
        covering = next((each for each in exceptions if each.covers(finding.scanner, finding.rule, path)), None)
        if covering is None:
            opened.append((finding, path))
        else:
            accepted.append((finding, covering))
    return ScanResult(
        templates=len(templates),
        open=tuple(opened),
        accepted=tuple(accepted),
        stale=tuple(stale(exceptions, (each for _, each in accepted))) if every_profile else (),
        unproven=tuple(canary.unproven(found)),
    )


def _run_all(templates: Sequence[Path], regions: Sequence[str], environment: Path, folder: Path) -> list[ScanFinding]:
    """Run the scanners side by side; checkov and cfn-lint take about the same time."""
    with ThreadPoolExecutor() as pool:
        runs = (
            pool.submit(checkov, folder, environment),
            pool.submit(cfn_lint, templates, regions),
            pool.submit(cloudformation_validate, templates, environment),
        )
        return [finding for run in runs for finding in run.result()]
