"""`govml gate`: judge a synthesised assembly; the exit code is the truth."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from govml.gate.judge import judge
from govml.gate.text import lines


def parse_day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date:
    """Read `--today`; without it, today in UTC."""
    if value is None:
        return datetime.now(tz=UTC).date()
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day, YYYY-MM-DD") from error


@click.command()
@click.argument("assembly", type=click.Path(path_type=Path), default=Path("cdk.out"))
@click.option("--today", callback=parse_day, metavar="YYYY-MM-DD", help="Judge as on this day.")
@click.option(
    "--acknowledgements/--brief", default=True, help="List each acknowledgement (default), or only count them."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@click.pass_context
def gate(context: click.Context, /, *, assembly: Path, today: date, acknowledgements: bool, as_json: bool) -> None:
    """Judge ASSEMBLY (default: cdk.out). Exit 0 when it passes, 1 when it is refused, 2 when it is no assembly."""
    verdict = judge(assembly, today)
    if as_json:
        click.echo(json.dumps(verdict.as_data(), indent=2, ensure_ascii=False))
    else:
        for line in lines(verdict, acknowledgements=acknowledgements):
            click.echo(line)
    context.exit(0 if verdict.passed else 1)
