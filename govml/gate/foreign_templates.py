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
from govml.gate.report import REPORT, PluginReport, read_report
from govml.rules.finding import Finding
from govml.rules.template import Template, read_template
from govml.rules.values import Chooser
from govml_constructs.validation.nag_canary import CANARY_PATH

_REPOSITORY = Path(__file__).resolve().parents[2]
_THREW = "Rule threw an error during validation"

Findings = tuple[list[Finding], list[Finding]]
"""The findings, and what could not be judged."""


class _RefusedError(Exception):
    """The CDK cannot take one of the templates; the text is its reason."""


def nag_findings(paths: Iterable[Path]) -> Findings:
    """Run AwsSolutions and NIST 800-53 R5 over template files.

    Conditions are decided both ways, as for the own rules: the packs cannot read `Fn::If`.

    Args:
        paths: CloudFormation templates.

    Returns:
        The findings, and what could not be judged: rules that need a value which only a deployment knows, and whole
        templates that the CDK refuses, such as one that lacks a required property.

    Raises:
        UserError: a file is no template, or a pack did not run to its end.
    """
    return _of_templates([read_template(path) for path in paths])


def _of_templates(read: Sequence[Sequence[Template]]) -> Findings:
    try:
        return _judge(read)
    except _RefusedError as error:
        if len(read) == 1:
            return [], [Finding(read[0][0].name, "", "cdk-nag", "medium", f"the CDK refuses the template: {error}")]
    halves = [_of_templates(read[: len(read) // 2]), _of_templates(read[len(read) // 2 :])]
    return sorted([*halves[0][0], *halves[1][0]]), sorted([*halves[0][1], *halves[1][1]])


def _judge(read: Sequence[Sequence[Template]]) -> Findings:
    names: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, template_sides in enumerate(read):
            for side, template in enumerate(template_sides):
                stem = f"T{number}S{side}"
                names[stem] = template.name
                (folder / f"{stem}.json").write_text(json.dumps(_for_cdk(template, first=side == 0)))
        plugins = _run(folder)
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


def _run(folder: Path) -> list[PluginReport]:
    path = [str(_REPOSITORY / "constructs"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "PYTHONPATH": os.pathsep.join(path),
    }
    run = subprocess.run(
        [sys.executable, "-m", "govml_constructs.validation.nag_templates", str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not (folder / "report" / REPORT).is_file():
        raise _RefusedError(_reason(run.stderr))
    return read_report(folder / "report")


def _reason(errors: str) -> str:
    """Return what jsii says that the CDK said, without the stack."""
    start = errors.rfind("RuntimeError: ")
    text = errors[start:].removeprefix("RuntimeError: ") if start >= 0 else errors[-500:]
    return " ".join(text.split())[:500]


def _sorted(plugins: Sequence[PluginReport], names: dict[str, str]) -> Findings:
    found: set[Finding] = set()
    unjudged: set[Finding] = set()
    for plugin in plugins:
        for violation in plugin.violations:
            for path in violation.constructs:
                if path == CANARY_PATH:
                    continue
                stem, _, logical_id = path.partition("/Template/")
                text = violation.description
                finding = Finding(names.get(stem, stem), logical_id or path, violation.rule, "medium", text)
                (unjudged if text.startswith(_THREW) else found).add(finding)
    return sorted(found), sorted(unjudged)
