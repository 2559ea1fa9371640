"""`govml config`: check an agency file, show what it turns on and what its imports need, export its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from govml.settings import EnvironmentSettings, Settings
    from govml.settings.acceptance import Bound

SCHEMA = Path(__file__).resolve().parents[2] / "config/schema.json"
FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def config() -> None:
    """Check and show an agency file."""


@config.command()
@FILE
def check(file: Path) -> None:
    """Read FILE and list every problem in it. Exit 0 when it is sound, 2 when it is not."""
    settings = _load(file)
    environments = ", ".join(settings.environments)
    click.echo(f"{file} is sound: agency {settings.agency}, {settings.maturity}, {environments}")
    _warn(settings)


@config.command()
@FILE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def show(file: Path, as_json: bool) -> None:
    """Show what FILE turns on: each switch and where its value comes from, environments, use cases."""
    settings = _load(file)
    if as_json:
        click.echo(json.dumps(_as_data(settings), indent=2, ensure_ascii=False))
    else:
        _print(settings)
        _warn(settings)


@config.command()
@FILE
def imports(file: Path) -> None:
    """Print what the policies of the keys that FILE imports must say, as JSON: key -> environment, domain, statements."""
    from govml.identity.imported_keys import imported_keys

    found = {
        key.arn: {"environment": key.environment, "domain": key.domain, "statements": key.statements}
        for key in imported_keys(_load(file))
    }
    click.echo(json.dumps(found, indent=2))


@config.command()
@click.option("--output", type=click.Path(path_type=Path), help="Write the schema into this file.")
@click.option(
    "--check",
    "committed",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=str(SCHEMA),
    help="Compare a file (default: config/schema.json) with the models; exit 1 if it differs.",
)
def schema(output: Path | None, committed: Path | None) -> None:
    """Print the JSON Schema of the agency file, for editors."""
    from govml.settings.reading.schema import schema_text

    text = schema_text()
    if committed is not None:
        if not committed.is_file() or committed.read_text(encoding="utf-8") != text:
            raise click.ClickException(
                f"{committed} is not the models' schema; run `govml config schema --output {committed}`"
            )
        click.echo(f"{committed} matches the models")
    elif output is not None:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


def _warn(settings: Settings) -> None:
    """Tell on the error stream what the file uses that has no future."""
    from govml.settings.lifecycle import lifecycle_notices

    for notice in lifecycle_notices(settings):
        click.echo(f"warning: {notice}", err=True)


def _load(file: Path) -> Settings:
    from govml.settings import load_settings

    return load_settings(file)


def _as_data(settings: Settings) -> dict[str, Any]:
    from govml.settings import resolve_switches

    switches = {switch.name: {"on": switch.value, "source": switch.source} for switch in resolve_switches(settings)}
    return {"settings": settings.model_dump(mode="json"), "switches": switches}


def _print(settings: Settings) -> None:
    from govml.settings import resolve_switches

    shipping = settings.observability.log_shipping
    copied = f", a copy to {shipping.delivery_stream or shipping.destination_arn}" if shipping else ""
    facts = [
        ("agency", f"{settings.agency} ({settings.project_code})"),
        ("owner", settings.owner),
        ("data", settings.data_classification),
        ("region", settings.region),
        ("logs", f"{settings.observability.log_retention_days} days{copied}"),
        ("tags", ", ".join(f"{key}={value}" for key, value in settings.tags.items()) or "-"),
        ("maturity", settings.maturity),
        ("models", ", ".join(settings.ai.models) if settings.ai else "-"),
        ("delivery", f"{settings.cicd.repository}, branch {settings.cicd.branch}" if settings.cicd else "-"),
    ]
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        click.echo(f"{name:<{width}}  {value}")
    _table(
        "switches",
        [(switch.name, _on_off(switch.value), switch.source) for switch in resolve_switches(settings)],
    )
    _table(
        "environments",
        [
            (name, environment.account, _network(environment), environment.removal)
            for name, environment in settings.environments.items()
        ],
    )
    _table(
        "use cases",
        [
            (
                name,
                case.instance_type,
                case.schedule,
                f"{case.tuning.strategy}, {case.tuning.trials} trials" if case.tuning.trials > 1 else "no tuning",
                ", ".join(_bounds(metric, bound) for metric, bound in case.acceptance.items()),
            )
            for name, case in settings.use_cases.items()
        ],
    )


def _bounds(metric: str, bound: Bound) -> str:
    at_least = "" if bound.min is None else f"{bound.min:g} <= "
    at_most = "" if bound.max is None else f" <= {bound.max:g}"
    return f"{at_least}{metric}{at_most}"


def _network(environment: EnvironmentSettings) -> str:
    imported = environment.network_import
    return f"{imported.vpc_id} (imported)" if imported is not None else str(environment.cidr)


def _on_off(value: bool) -> str:
    # click drops the colours when the output is not a terminal.
    return click.style("on ", fg="green") if value else click.style("off", fg="bright_black")


def _table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns; widths are counted without colour codes."""
    click.echo(f"\n{click.style(title, bold=True)}")
    if not rows:
        click.echo("  none")
        return
    widths = [max(len(click.unstyle(cell)) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [cell + " " * (width - len(click.unstyle(cell))) for cell, width in zip(row, widths, strict=True)]
        click.echo(f"  {'  '.join(padded)}".rstrip())
