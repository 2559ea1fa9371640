"""The nag packs over any template, in findings of the same form as those of the own rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.gate.plugins import crashed_plugins, missing_packs
from govml.gate.report import BadReportError, PluginReport, read_report
from govml.rules.finding import Finding
from govml.rules.template import Template, read_template
from govml.rules.values import Chooser
from govml_constructs.validation.nag_canary import CANARY_PATH

_REPOSITORY = Path(__file__).resolve().parents[2]
_UNREADABLE = 3
_THREW = "Rule threw an error during validation"


def nag_findings(paths: Iterable[Path]) -> tuple[list[Finding], list[Finding]]:
    """Run AwsSolutions and NIST 800-53 R5 over template files.

    Conditions are decided both ways, as for the own rules: the packs cannot read `Fn::If`.

    Args:
        paths: CloudFormation templates.

    Returns:
        The findings, and those rules that could not be judged because a value is known at deployment only.

    Raises:
        UserError: a file is no template, CDK cannot read it, or a pack did not run to its end.
    """
    names: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, path in enumerate(paths):
            for side, template in enumerate(read_template(path)):
                stem = f"T{number}S{side}"
                names[stem] = template.name
                (folder / f"{stem}.json").write_text(json.dumps(_for_cdk(template, first=side == 0)))
        plugins = _run(folder, names)
    refused = [*crashed_plugins(plugins), *missing_packs(plugins)]
    if refused:
        raise UserError(f"the nag packs did not run: {refused[0].rule} {refused[0].message}")
    return _sorted(plugins, names)


def _for_cdk(template: Template, *, first: bool) -> dict[str, Any]:
    document = template.document
    chooser = Chooser(document.get("Parameters") or {}, document.get("Mappings") or {}, taken=first)
    kept = {key: document[key] for key in ("Parameters", "Mappings") if key in document}
    resources = {}
    for logical_id, resource in document["Resources"].items():
        body = {key: value for key, value in resource.items() if key not in {"Condition", "Metadata"}}
        if "Properties" in body:
            body["Properties"] = chooser.resolve(body["Properties"] or {})
        resources[logical_id] = body
    return {**kept, "Resources": resources}


def _run(folder: Path, names: dict[str, str]) -> list[PluginReport]:
    environment = {
        **os.environ,
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "PYTHONPATH": os.pathsep.join([str(_REPOSITORY / "constructs"), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "govml_constructs.validation.nag_templates", str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == _UNREADABLE:
        stem, _, message = run.stderr.strip().splitlines()[-1].partition(": ")
        raise UserError(f"{names.get(stem, stem)} cannot be read by the CDK: {message}")
    try:
        return read_report(folder / "report")
    except (BadReportError, OSError) as error:
        raise UserError(f"the nag packs left no report: {error}\n{run.stderr[-2000:]}") from error


def _sorted(plugins: Sequence[PluginReport], names: dict[str, str]) -> tuple[list[Finding], list[Finding]]:
    found: set[Finding] = set()
    unjudged: set[Finding] = set()
    for plugin in plugins:
        for violation in plugin.violations:
            for path in violation.constructs:
                if path == CANARY_PATH:
                    continue
                stem, _, logical_id = path.partition("/Template/")
                finding = Finding(
                    names.get(stem, stem), logical_id or path, violation.rule, "medium", violation.description
                )
                (unjudged if violation.description.startswith(_THREW) else found).add(finding)
    return sorted(found), sorted(unjudged)
