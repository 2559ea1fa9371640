"""`govml cost`: what the stacks cost, before they are deployed, and how much of it they use, once they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.cost.money import Billing
    from govml.cost.plans import Rates
    from govml.cost.switch_costs import SwitchCost
    from govml.settings import Settings

_CONFIG = click.option("--config", default="config/sandbox.yaml", show_default=True, help="Agency file.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PRICES = click.option(
    "--prices", multiple=True, type=click.Path(path_type=Path), help="CSV file of the agency's own prices."
)


@click.group(invoke_without_command=True)
@_CONFIG
@click.option("--environment", help="One environment; default: all that the file has.")
@click.option("--assembly", type=click.Path(path_type=Path), help="An assembly that is there already; no synth.")
@click.option("--compare", type=click.Path(path_type=Path), metavar="OTHER", help="Agency file or assembly to compare.")
@click.option("--switch", "switches", multiple=True, metavar="NAME", help="What this switch costs; repeat, or `all`.")
@click.option("--usage", type=click.Path(path_type=Path), help="TOML file of assumptions about use.")
@_PRICES
@_JSON
@click.pass_context
def cost(
    context: click.Context,
    /,
    *,
    config: str,
    environment: str | None,
    assembly: Path | None,
    compare: Path | None,
    switches: tuple[str, ...],
    usage: Path | None,
    prices: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say what the stacks cost a month while nothing happens, and what each unit of use costs.

    Read from the templates and a dated price table. With --compare, the difference to another plan; with --switch, what
    turning a switch costs or would cost.
    """
    if context.invoked_subcommand is not None:
        return
    from govml.cost.difference import difference
    from govml.cost.document import difference_document, estimate_document
    from govml.cost.plans import plan
    from govml.cost.switch_costs import switch_costs
    from govml.cost.text import difference_text, estimate_text
    from govml.settings import load_settings

    if compare is not None and switches:
        raise UserError("--compare and --switch are two questions", hint="ask one at a time")
    settings, rates = load_settings(Path(config)), _rates(prices, usage)
    billing = _billing(settings)
    now = plan(Path(config), environment, rates, assembly=assembly)
    if compare is not None:
        found = difference(now, plan(compare, environment, rates))
        _print(difference_document(found), difference_text(found, billing), as_json=as_json)
    elif switches:
        chosen = () if "all" in switches else switches
        turned = switch_costs(Path(config), environment, chosen, now=now, rates=rates)
        _print_switches(turned, billing, as_json=as_json)
    else:
        budgets = {
            f"{settings.agency}-{name}": amount
            for name in settings.environments
            if (amount := settings.budget.amount(name)) is not None
        }
        _print(estimate_document(now, billing), estimate_text(now, billing, budgets), as_json=as_json)


@cost.command("prices")
@_PRICES
@_JSON
def prices_command(*, prices: tuple[Path, ...], as_json: bool) -> None:
    """Show every price with its region, date, source, and how sure it is."""
    from govml.cost.document import price_document
    from govml.cost.prices import load_prices

    rows = sorted(load_prices(prices), key=lambda row: (row.resource, row.item))
    if as_json:
        click.echo(json.dumps([price_document(row) for row in rows], indent=2))
        return
    for row in rows:
        click.echo(f"{row.resource} {row.item}: {row.usd:f} US dollars, {row.unit} ({row.region})")
        click.echo(f"    {row.basis}, {row.day}, {row.source}{f'; {row.note}' if row.note else ''}")


@cost.command("advise")
@_CONFIG
@click.option("--environment", help="Environment whose account is asked; default: the only one.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 60), help="Days of figures.")
@_PRICES
@_JSON
def advise_command(*, config: str, environment: str | None, days: int, prices: tuple[Path, ...], as_json: bool) -> None:
    """Say which instances endpoints and jobs need, from what they used, and what that saves.

    Reads the account with your own credentials: SageMaker and CloudWatch, nothing is changed.
    """
    from govml.cost.advice.account import account_advice
    from govml.cost.advice.text import advice_document, advice_text
    from govml.cost.prices import load_prices
    from govml.settings import load_settings

    settings = load_settings(Path(config))
    if environment is None and len(settings.environments) > 1:
        have = ", ".join(settings.environments)
        raise UserError(f"{config} has several environments: {have}", hint="name one with --environment")
    name = environment or next(iter(settings.environments))
    found = account_advice(settings, name, load_prices(prices), days)
    billing = _billing(settings)
    _print(advice_document(found, billing), advice_text(found, billing, days), as_json=as_json)


def _print_switches(found: Iterable[SwitchCost], billing: Billing, *, as_json: bool) -> None:
    from govml.cost.document import switch_document
    from govml.cost.text import switch_line

    if as_json:
        click.echo(json.dumps([switch_document(each) for each in found], indent=2))
        return
    fee = f"{billing.service_fee_percent.normalize():f}"
    click.echo(f"what a switch costs while nothing happens, with the service fee of {fee} %")
    for each in found:
        click.echo(switch_line(each, billing))


def _rates(prices: tuple[Path, ...], usage: Path | None) -> Rates:
    from govml.cost.plans import Rates
    from govml.cost.prices import load_prices
    from govml.cost.usage import load_usage

    return Rates(load_prices(prices), load_usage(usage))


def _billing(settings: Settings) -> Billing:
    from govml.cost.money import Billing

    rate = settings.budget.sgd_per_usd
    return Billing(Decimal(str(settings.budget.service_fee_percent)), None if rate is None else Decimal(str(rate)))


def _print(document: object, lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(document, indent=2))
        return
    for line in lines:
        click.echo(line)
