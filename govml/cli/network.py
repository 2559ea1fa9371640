"""`govml network`: what an agency file's network holds, before anything is deployed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from govml.network_plan.budget import SubnetBudget


@click.group()
def network() -> None:
    """Plan the network of an agency file."""


@network.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", metavar="NAME", help="One environment; default: all that the file has.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def plan(file: Path, environment: str | None, as_json: bool) -> None:
    """Count the addresses that FILE's components take in each subnet.

    Exit 0 when they fit; 2 when they do not (the message says what takes how many), or FILE is wrong otherwise.
    """
    from govml.network_plan.plan import budget
    from govml.settings import load_settings

    settings = load_settings(file)
    names = [environment] if environment else list(settings.environments)
    plans = {name: budget(settings, settings.environment(name)) for name in names}
    if as_json:
        click.echo(json.dumps({name: [_as_data(row) for row in rows] for name, rows in plans.items()}, indent=2))
        return
    for name, rows in plans.items():
        click.echo(click.style(f"{settings.agency}-{name}", bold=True))
        for row in rows:
            for line in _lines(row):
                click.echo(line)


def _lines(row: SubnetBudget) -> list[str]:
    subnet = row.subnet
    entries = [(each.what, each.addresses) for each in row.demands]
    entries += [("kept by AWS", subnet.cidr.num_addresses - row.usable), ("free", row.free)]
    title = f"  {subnet.role} {subnet.cidr}, {subnet.zone}: {subnet.cidr.num_addresses} addresses"
    return [title, *(f"    {what:<28} {count:>6}" for what, count in entries)]


def _as_data(row: SubnetBudget) -> dict[str, Any]:
    subnet = row.subnet
    return {
        "role": subnet.role,
        "zone": subnet.zone,
        "cidr": str(subnet.cidr),
        "usable": row.usable,
        "needed": row.needed,
        "free": row.free,
        "demands": {each.what: each.addresses for each in row.demands},
    }
