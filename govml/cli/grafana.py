"""`govml grafana`: the dashboards as files, and into the agency's Grafana by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.grafana.publishing.plan import Plan
    from govml.settings import Settings

_CONFIG = click.option("--config", default="config/sandbox.yaml", show_default=True, help="Agency file.")


@click.group()
def grafana() -> None:
    """Dashboards as code: write them out, or publish them."""


@grafana.command()
@_CONFIG
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
def dashboards(config: str, output: Path) -> None:
    """Write the dashboards as this agency sees them, for a Grafana of your own: import them there by hand."""
    from govml.settings import load_settings

    settings = load_settings(Path(config))
    wanted = _plan(settings, list(settings.environments), [])
    try:
        output.mkdir(parents=True, exist_ok=True)
        for board in wanted.boards:
            text = json.dumps(board.body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            (output / f"{board.uid}.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{output} cannot be written: {error.strerror}", hint="name a folder of your own with --output"
        ) from error
    click.echo(f"wrote {len(wanted.boards)} dashboards to {output}")


@grafana.command()
@_CONFIG
def publish(config: str) -> None:
    """Put dashboards and data sources into the agency's workspace, from a machine in its network.

    The deployed function does the same after each deployment and once a day. Uses the AWS credentials of the environment, which
    must be allowed to read the parameters of Grafana and to make tokens of its workspace. Exit 1 when something failed.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from govml.grafana.publishing.client import Grafana, GrafanaError
    from govml.grafana.publishing.publish import publish as put
    from govml.grafana.publishing.token import temporary_token
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    chosen = settings.observability.grafana
    if chosen is None or not settings.switches.managed_grafana:
        raise UserError(f"{config} has no Grafana", hint="turn features.managed_grafana on; docs/dashboards.md")
    names = Names(settings.agency, chosen.environment)
    try:
        found = _parameters(boto3.client("ssm", region_name=settings.region), names)
        wanted = _plan(settings, settings.seen_by_grafana(chosen.environment), json.loads(found["sources"]))
        with temporary_token(boto3.client("grafana", region_name=settings.region), found["workspace-id"]) as token:
            report = put(Grafana(found["url"], token), wanted)
    except (BotoCoreError, ClientError) as error:
        raise UserError(
            f"AWS refused: {error}", hint=f"deploy {names.prefix}-Grafana first, with credentials of its account"
        ) from error
    except GrafanaError as error:
        raise UserError(f"Grafana refused: {error}", hint="is this machine in the workspace's network?") from error
    for kind in ("made", "changed", "removed", "problems"):
        for each in getattr(report, kind):
            click.echo(f"{kind:9} {each}")
    click.echo(f"unchanged {len(report.unchanged)}")
    if report.problems:
        raise SystemExit(1)


def _plan(settings: Settings, environments: list[str], sources: list[dict[str, Any]]) -> Plan:
    from govml.grafana.publishing.plan import plan
    from govml.grafana.publishing.tailoring import error_budgets
    from govml.service_levels.promised import promised
    from govml.settings.names import Names

    prefixes = [Names(settings.agency, name).prefix for name in reversed(environments)]
    return plan(sources, budgets=error_budgets(promised(settings, environments)), prefixes=prefixes)


def _parameters(client: Any, names: Any) -> dict[str, str]:
    wanted = {names.grafana(what): what for what in ("workspace-id", "url", "sources")}
    found = client.get_parameters(Names=list(wanted))
    if found["InvalidParameters"]:
        raise UserError(
            f"there is no parameter {', '.join(found['InvalidParameters'])}",
            hint=f"deploy {names.prefix}-Grafana first",
        )
    return {wanted[each["Name"]]: each["Value"] for each in found["Parameters"]}
