"""`govml rules`: the own rules, listed and run over any CloudFormation template."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from govml.errors import UserError
from govml.gate.acknowledged_findings import split_acknowledged
from govml.rules.engine import check_templates
from govml.rules.finding import Finding
from govml.rules.options import Options
from govml.rules.options_file import assembly_options
from govml.rules.registry import load_rules

PASS_MARK = 0.95
"""Share of seeded defects that the rules must find."""


@click.group()
def rules() -> None:
    """Own rules over CloudFormation templates: IAM, machine learning, data protection, landing zone."""


@rules.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_rules(*, as_json: bool) -> None:
    """List every rule: id, severity, what must hold, controls."""
    found = list(load_rules().values())
    if as_json:
        fields = (
            "id",
            "title",
            "rationale",
            "severity",
            "controls",
            "public_sector_controls",
            "resource_types",
            "source",
        )
        click.echo(json.dumps([{name: getattr(each, name) for name in fields} for each in found], indent=2))
        return
    for each in found:
        click.echo(f"{each.id}  [{each.severity}]  {', '.join(each.controls)}")
        click.echo(f"    {each.title}")
    click.echo(f"{len(found)} rules")


@rules.command("check")
@click.argument("templates", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--nag", is_flag=True, help="Run AwsSolutions and NIST 800-53 R5 of cdk-nag too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--boundary", metavar="NAME", help="Policy that must bound every role, such as GCCIAccountBoundary.")
@click.option("--log-subscription", is_flag=True, help="Every log group must be forwarded.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Allowed region; default: ap-southeast-1.")
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Account of the agency that may be trusted.")
@click.option("--organization", metavar="ID", help="AWS organisation that may be trusted, such as o-a1b2c3d4e5.")
def check(
    *,
    templates: tuple[Path, ...],
    nag: bool,
    as_json: bool,
    boundary: str | None,
    log_subscription: bool,
    regions: tuple[str, ...],
    accounts: tuple[str, ...],
    organization: str | None,
) -> None:
    """Check CloudFormation TEMPLATES (files or folders, JSON or YAML), ours or anybody's.

    In a cloud assembly of ours, the agency file's demands hold unless an option says otherwise, and findings that stand
    acknowledged there are counted, not listed.

    Findings that stand acknowledged in the cloud assembly of a template are counted, not listed.

    Exit 0: no finding; 1: findings; 2: a file that cannot be read.
    """
    paths = template_files(templates)
    options = assembly_options(paths) or Options()
    given: dict[str, Any] = {
        "permissions_boundary": boundary,
        "log_subscription": log_subscription,
        "allowed_regions": regions,
        "accounts": accounts,
        "organization_id": organization,
    }
    options = replace(options, **{name: value for name, value in given.items() if value})
    found = check_templates(paths, options)
    unjudged: list[Finding] = []
    if nag:
        from govml.gate.foreign_templates import nag_findings

        of_packs, unjudged = nag_findings(paths)
        found = sorted([*found, *of_packs])
    found, accepted = split_acknowledged(found)
    if as_json:
        lists = {"findings": found, "acknowledged": accepted, "unjudged": unjudged}
        click.echo(json.dumps({name: [each.as_json() for each in items] for name, items in lists.items()}, indent=2))
    else:
        click.echo(_table(found, paths))
        if accepted:
            click.echo(f"{len(accepted)} more are acknowledged beside their cause (`govml gate` shows them)")
        for each in unjudged:
            click.echo(f"not judged: {each.template}: {each.logical_id}: {each.rule}: {each.message}", err=True)
    sys.exit(1 if found else 0)


@rules.command("exam")
@click.argument("templates", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--nag", is_flag=True, help="Let the nag packs sit the exam too (minutes).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def exam(*, templates: tuple[Path, ...], nag: bool, as_json: bool) -> None:
    """Break one security setting of good TEMPLATES (JSON) at a time, and tell which defects the rules find.

    Exit 0: at least 95 % are found; 1: fewer.
    """
    from govml.rule_exam.sitting import sit

    paths = template_files(templates)
    result = sit(paths, assembly_options(paths) or Options(), nag=nag)
    escaped = [f"{each.defect} (in {each.logical_id})" for each in result.escaped]
    total = len(result.caught) + len(escaped)
    if as_json:
        click.echo(
            json.dumps({"defects": total, "caught": len(result.caught), "share": result.share, "escaped": escaped})
        )
    else:
        for each in escaped:
            click.echo(f"escaped: {each}")
        click.echo(f"{len(result.caught)} of {total} defects found ({result.share:.1%})")
    sys.exit(0 if result.share >= PASS_MARK else 1)


def template_files(given: Sequence[Path]) -> list[Path]:
    """Return the files themselves, and of each folder its `*.template.json`, those of stages included.

    Raises:
        UserError: a folder holds none: nothing checked must not read as nothing found.
    """
    found: list[Path] = []
    for each in given:
        inside = sorted(each.rglob("*.template.json")) if each.is_dir() else [each]
        if not inside:
            raise UserError(
                f"{each} holds no *.template.json", hint="name the template files, or run `govml synth` first"
            )
        found += inside
    return found


def _table(found: Sequence[Finding], paths: Sequence[Path]) -> str:
    lines = [f"{each.template}: {each.logical_id}: {each.rule} [{each.severity}]\n    {each.message}" for each in found]
    return "\n".join([*lines, f"{len(found)} findings in {len(paths)} templates"])
