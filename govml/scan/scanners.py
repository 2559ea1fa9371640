"""Run the three scanners and read what they print. None of them reaches for the network.

checkov asks its maker's servers for texts unless `--skip-download` is given; with it, a trace of its system calls
shows no connection (checkov 3.3.30).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.scan.finding import ScanFinding

_CODES_OF_CFN_LINT = range(0, 16)
"""Exit codes are a bit mask of 2 errors, 4 warnings, 8 informational; 0 none (cfn-lint, "Exit codes"). 1 is a crash."""


def cfn_lint(templates: Sequence[Path], regions: Sequence[str]) -> list[ScanFinding]:
    """Run cfn-lint of this environment, with the regions for which the templates are made.

    Raises:
        UserError: it cannot be run, or prints something else than findings.
    """
    regional = ["--regions", *regions] if regions else []
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--format",
        "json",
        *regional,
        "--",
        *map(str, templates),
    ]
    return [
        ScanFinding("cfn-lint", each["Rule"]["Id"], each["Filename"], _second(each["Location"]), each["Message"])
        for each in _run("cfn-lint", command, codes=_CODES_OF_CFN_LINT)
    ]


def checkov(folder: Path, environment: Path) -> list[ScanFinding]:
    """Run checkov over a folder that holds nothing but templates.

    Args:
        folder: the templates, at any depth.
        environment: the virtual environment of the scanners.

    Raises:
        UserError: it cannot be run, or cannot read a template.
    """
    options = ["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"]
    command = [str(environment / "bin" / "checkov"), "--directory", str(folder), *options]
    printed = _run("checkov", command, codes=(0, 1))
    reports = printed if isinstance(printed, list) else [printed]
    return [each for report in reports for each in _checkov_findings(report, folder)]


def cloudformation_validate(templates: Sequence[Path], environment: Path) -> list[ScanFinding]:
    """Run CDK's own validation engine, which is published as a package too.

    Raises:
        UserError: it cannot be run.
    """
    script = Path(__file__).with_name("run_cloudformation_validate.py")
    command = [str(environment / "bin" / "python"), str(script), *map(str, templates)]
    return [ScanFinding(scanner="cloudformation-validate", **each) for each in _run(script.stem, command, codes=(0,))]


def _checkov_findings(report: Mapping[str, Any], folder: Path) -> Iterator[ScanFinding]:
    results = report.get("results", {})
    for path in results.get("parsing_errors") or []:
        yield ScanFinding("checkov", "parsing-error", str(path), "", "checkov cannot read this template")
    for each in results.get("failed_checks", ()):
        template = str(folder / str(each["file_path"]).lstrip("/"))
        resource = str(each["resource"]).rpartition(".")[2]
        yield ScanFinding("checkov", each["check_id"], template, resource, each["check_name"])


def _second(location: Mapping[str, Any]) -> str:
    """Return the logical id out of cfn-lint's path, as in `Resources/Bucket/Properties`; a parameter has one too."""
    path = location.get("Path") or []
    return str(path[1]) if len(path) > 1 and path[0] in ("Resources", "Parameters") else ""


def _run(name: str, command: Sequence[str], *, codes: Sequence[int]) -> Any:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise UserError(f"{name} cannot be run ({error})", hint="make scan") from error
    try:
        if done.returncode in codes:
            return json.loads(done.stdout)
    except ValueError:
        pass
    said = (done.stderr or done.stdout).strip()[-2000:]
    raise UserError(f"{name} ended with exit code {done.returncode} and no findings that can be read\n{said}")
