"""`govml evidence`: every rule over every resource, with its outcome, for a security reviewer."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from govml.cli.gate import parse_day
from govml.errors import UserError
from govml.evidence.document import document
from govml.evidence.evidence import Evidence, gather
from govml.evidence.resource import Assembly, read_assembly
from govml.evidence.row import Status
from govml.evidence.synthesis import REPOSITORY, agency_files, synthesise


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Agency file; default: config/sandbox.yaml.")
@click.option("--all-profiles", is_flag=True, help="Every agency file in config/.")
@click.option("--assembly", type=click.Path(path_type=Path), help="An assembly that is there already; no synth.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for CSV, HTML, SARIF, OSCAL and JSON files.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--today", callback=parse_day, metavar="YYYY-MM-DD", help="Judge acknowledgements as on this day.")
@click.pass_context
def evidence(
    context: click.Context,
    /,
    *,
    config: Path | None,
    all_profiles: bool,
    assembly: Path | None,
    output: Path | None,
    as_json: bool,
    today: date,
) -> None:
    """Show what the rules say of every resource: passed, failed, accepted, not applicable, or not run.

    Exit 0: nothing is open and every pack is proven to have run; 1: otherwise; 2: a mistake of the user's.
    """
    if sum((config is not None, all_profiles, assembly is not None)) > 1:
        raise UserError("--config, --all-profiles and --assembly exclude each other", hint="give one of them")
    if output is not None and output.exists() and not output.is_dir():
        raise UserError(f"{output} is not a folder", hint="choose another --output")
    with tempfile.TemporaryDirectory(prefix="govml-evidence-") as folder:
        found = gather(_assemblies(config, assembly, Path(folder), every=all_profiles), today)
        if output is not None:
            from govml.evidence.outputs import write_all

            for path in write_all(found, output):
                click.echo(f"wrote {path}", err=True)
    if as_json:
        click.echo(json.dumps(document(found), indent=2, ensure_ascii=False))
    else:
        for line in _lines(found):
            click.echo(line)
    context.exit(0 if found.passed else 1)


def _assemblies(config: Path | None, assembly: Path | None, folder: Path, *, every: bool) -> list[Assembly]:
    if assembly is not None:
        return [read_assembly(assembly, assembly.resolve().name)]
    configs = agency_files() if every else [config or REPOSITORY / "config" / "sandbox.yaml"]
    configs = [path.resolve() for path in configs]
    names = [path.stem for path in configs]
    click.echo(f"synthesising {', '.join(names)}", err=True)
    return [
        read_assembly(path, name)
        for path, name in zip(synthesise(configs, folder, profile_names=names), names, strict=True)
    ]


def _lines(found: Evidence) -> Iterator[str]:
    for profile in found.profiles:
        counts = ", ".join(f"{profile.statuses[status]} {status.value}" for status in Status)
        yield f"{profile.name}: {profile.stacks} stacks, {profile.resources} resources; {counts}"
        if profile.unproven:
            yield f"  not proven to have run: {', '.join(profile.unproven)}"
    findings = sum(len(each.rows) for each in found.acknowledgements)
    yield f"acknowledgements: {len(found.acknowledgements)}, for {findings} findings"
    for each in found.acknowledgements:
        yield f"  {each.rule}  {each.source}  {each.owner}, until {each.expires}"
    yield f"open: {len(found.open)}"
    for item in found.open:
        yield f"  {item.profile}: {item.kind}: {item.rule} at {item.resource or '(no resource)'}"
        yield f"      {item.message}"
