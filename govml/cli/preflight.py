"""`govml preflight`: does the account have what the plan needs?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.cli.bootstrap import ASSEMBLY, CONFIG, assembly_of

if TYPE_CHECKING:
    from govml.preflight.plan import Plan


@click.command()
@CONFIG
@click.option("--environment", default="dev", show_default=True, help="Environment of the agency file.")
@ASSEMBLY
@click.option(
    "--from-export",
    "export",
    type=click.Path(path_type=Path),
    help="Read the account from this file, not by calls; --export-commands tells how it is made.",
)
@click.option("--export-commands", is_flag=True, help="Print the script of `aws` commands that makes such a file.")
@click.option("--plain", is_flag=True, help="The deployment does without `cdk bootstrap` (govml bootstrap template).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def preflight(
    *,
    config: str,
    environment: str,
    assembly: Path | None,
    export: Path | None,
    export_commands: bool,
    plain: bool,
    as_json: bool,
) -> None:
    """Compare what the stacks need with what the account has, by read-only calls or from an export.

    Exit 0: nothing fails; 1: something does; 2: a mistake of the user's. What the account does not tell is `unknown`.
    """
    from govml.preflight import run
    from govml.preflight.account import AccountSource
    from govml.preflight.export import ExportSource, export_script

    source = ExportSource(export) if export is not None else None
    plan = _plan(Path(config), environment, assembly, plain=plain)
    if export_commands:
        click.echo(export_script(run.all_questions(plan), region=plan.place.region), nl=False)
        return
    lines = run.run(plan, source or AccountSource(region=plan.place.region))
    if as_json:
        click.echo(json.dumps(run.as_data(plan, lines), indent=1))
    else:
        click.echo("\n".join(run.as_text(lines)))
    sys.exit(1 if run.counts(lines)["fail"] else 0)


def _plan(config: Path, environment: str, assembly: Path | None, *, plain: bool) -> Plan:
    from govml.bootstrap.assembly import read_stacks
    from govml.bootstrap.kit import environments_of, kit
    from govml.preflight.plan import make_plan
    from govml.settings import load_settings

    settings = load_settings(config)
    with assembly_of(settings, config, environment, assembly) as folder:
        stacks = read_stacks(folder)
    (group,) = environments_of(settings, environment)
    return make_plan(settings, environment, stacks, kit(settings, stacks, group), plain=plain)
