"""`govml scan`: scanners of others over the synthesised templates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from govml.cli.gate import parse_day
from govml.errors import UserError
from govml.evidence.resource import read_assembly
from govml.evidence.synthesis import REPOSITORY, agency_files, synthesise
from govml.scan.exceptions import read_exceptions
from govml.scan.scan import ScanResult, scan


@click.command("scan")
@click.option("--config", type=click.Path(path_type=Path), help="One agency file; default: all in config/.")
@click.option("--assembly", type=click.Path(path_type=Path), help="An assembly that is there already; no synth.")
@click.option("--exceptions", type=click.Path(path_type=Path), default=REPOSITORY / "scanners" / "exceptions.yaml")
@click.option("--environment", type=click.Path(path_type=Path), default=REPOSITORY / ".venv-scan", hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--today", callback=parse_day, metavar="YYYY-MM-DD", help="Judge exceptions as on this day.")
@click.pass_context
def scan_command(
    context: click.Context,
    /,
    *,
    config: Path | None,
    assembly: Path | None,
    exceptions: Path,
    environment: Path,
    as_json: bool,
    today: date,
) -> None:
    """Run cfn-lint, checkov and cloudformation-validate over the templates of every agency file.

    Exit 0: no unexplained finding; 1: findings, or a scanner that is not proven to have run; 2: a mistake of the user's.
    """
    if config is not None and assembly is not None:
        raise UserError("--config and --assembly exclude each other", hint="give one of them")
    if not (environment / "bin" / "checkov").exists():
        raise UserError(f"the scanners are not installed in {environment}", hint="make scan installs and runs them")
    accepted = read_exceptions(exceptions, today)
    with tempfile.TemporaryDirectory(prefix="govml-scan-") as name:
        folder = Path(name)
        if assembly is not None:
            assemblies = [read_assembly(assembly, assembly.resolve().name)]
        else:
            configs = [config.resolve()] if config else agency_files()
            names = [path.stem for path in configs]
            click.echo(f"synthesising {', '.join(names)}", err=True)
            made = synthesise(configs, folder / "assemblies", profile_names=names)
            assemblies = [read_assembly(path, profile) for path, profile in zip(made, names, strict=True)]
        work = folder / "templates"
        work.mkdir()
        every = config is None and assembly is None
        result = scan(assemblies, accepted, environment=environment, folder=work, every_profile=every)
        if as_json:
            click.echo(json.dumps(_data(result, work), indent=2, ensure_ascii=False))
        else:
            for line in _lines(result, work):
                click.echo(line)
    context.exit(0 if result.passed else 1)


def _data(result: ScanResult, work: Path) -> dict[str, object]:
    return {
        "passed": result.passed,
        "templates": result.templates,
        "unproven": list(result.unproven),
        "open": [
            {**asdict(each), "template": _relative(each.template, work), "construct": path}
            for each, path in result.open
        ],
        "accepted": [
            {**asdict(each), "template": _relative(each.template, work), "reason": exception.reason}
            for each, exception in result.accepted
        ],
        "stale": [{"rule": each.rule, "at": each.at, "line": each.line} for each in result.stale],
    }


def _lines(result: ScanResult, work: Path) -> Iterator[str]:
    for each, path in result.open:
        yield f"{_relative(each.template, work)}: {path or each.logical_id}: {each.scanner} {each.rule}"
        yield f"    {each.message}"
    for exception in result.stale:
        yield f"exceptions, line {exception.line}: {exception.rule} at {exception.at} matches no finding: remove it"
    for scanner in result.unproven:
        yield f"{scanner} did not find its canary: it did not run as it should"
    yield f"{result.templates} templates, {len(result.accepted)} accepted findings, {len(result.open)} open"


def _relative(template: str, work: Path) -> str:
    path = Path(template)
    return path.relative_to(work).as_posix() if path.is_relative_to(work) else template
