"""The estimate as a person reads it. `~` marks an amount with prices that are derived or unverified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from govml.cost.difference import Change, Difference
from govml.cost.estimate import Estimate
from govml.cost.line import Line
from govml.cost.money import Billing, cents, small
from govml.cost.switch_costs import SwitchCost

_WIDTH = 62
_UNSURE = "~"


def estimate_text(found: Estimate, billing: Billing, budgets: dict[str, float]) -> Iterator[str]:
    """Yield the lines of a report.

    Args:
        found: the estimate.
        billing: fee and currency.
        budgets: environment's prefix -> US dollars a month.
    """
    environments = sorted({line.environment for line in found.lines})
    for environment in environments:
        lines = [line for line in found.standing if line.environment == environment]
        total = sum((line.usd for line in lines), Decimal(0))
        yield f"{environment}: US dollars a month while nothing happens"
        yield from _table(lines, lambda line: line.stack)
        yield from _sums("in all", total, billing)
        if budget := budgets.get(environment):
            share = billing.with_fee(total) / Decimal(str(budget)) * 100
            yield f"  {share:.0f} % of the budget of {budget:,.0f} US dollars"
        waiting = sum((line.usd for line in lines if line.condition), Decimal(0))
        if waiting:
            names = ", ".join(sorted({line.condition for line in lines if line.condition and line.usd}))
            yield f"  {cents(waiting)} of it only once its condition holds: {names}"
        yield ""
    if len(environments) > 1:
        yield from ["all environments", *_sums("in all", found.idle_usd, billing), ""]
    yield "the same by kind of resource"
    yield from _table(found.standing, lambda line: line.resource_type)
    yield ""
    yield from _meters(found)
    yield from _month(found, billing)
    yield from _unpriced(found)
    yield from _dates(found.lines)


def difference_text(found: Difference, billing: Billing) -> Iterator[str]:
    """Yield what another plan changes."""
    for title, changes, shown in (
        ("US dollars a month while nothing happens, by stack", found.stacks, cents),
        ("by kind of resource", [each for each in found.kinds if each.usd], cents),
        ("what a unit costs, US dollars", found.meters, small),
    ):
        if changes:
            yield title
            yield from (_change(each, shown) for each in changes)
            yield ""
    free = [each for each in found.resources if not each.usd]
    if free:
        added = sum(each.before is None for each in free)
        yield f"resources without a standing cost: {added} added, {len(free) - added} removed"
    yield _change(found.total, cents)
    yield f"  with the service fee: {_signed(billing.with_fee(found.total.usd), cents)} US dollars a month"


def switch_line(each: SwitchCost, billing: Billing) -> str:
    """Return a switch's line."""
    state = "on " if each.on else "off"
    if each.usd is None:
        return f"  {each.name:<22} {state}  cannot change alone: {each.refusal}"
    what = "costs" if each.on else "would cost"
    return f"  {each.name:<22} {state}  {what} {cents(billing.with_fee(each.usd))} US dollars a month"


def _table(lines: Sequence[Line], key: Callable[[Line], str]) -> Iterator[str]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[key(line)] = sums.get(key(line), Decimal(0)) + line.usd
    unsure = {key(line) for line in lines if line.usd and not line.price.sure}
    for name, usd in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])):
        if usd:
            yield _row(name, cents(usd), unsure=name in unsure)
    nothing = sum(not usd for usd in sums.values())
    if nothing:
        yield _row(f"{nothing} more", cents(Decimal(0)))


def _row(name: str, amount: str, *, unsure: bool = False) -> str:
    return f"  {name:<{_WIDTH}} {_UNSURE if unsure else ' '}{amount:>11}"


def _sums(name: str, usd: Decimal, billing: Billing) -> Iterator[str]:
    yield _row(name, cents(usd))
    whole = billing.with_fee(usd)
    sgd = billing.sgd(whole)
    yield _row(f"with the service fee of {billing.service_fee_percent.normalize():f} %", cents(whole)) + (
        f"   SGD {cents(sgd)}" if sgd is not None else ""
    )


def _meters(found: Estimate) -> Iterator[str]:
    usage = found.usage
    yield f"what a unit costs, US dollars (assumed: jobs of {usage.job_minutes.normalize():f} minutes)"
    for name, meter in found.meters().items():
        longest = f"   at most {small(meter.at_most_usd)}" if meter.at_most_usd > meter.usd else ""
        yield _row(name, small(meter.usd), unsure=not meter.sure) + longest
    yield ""


def _month(found: Estimate, billing: Billing) -> Iterator[str]:
    month = found.month_usd()
    if month is None:
        return
    unknown = sorted(set(found.usage.month) - set(found.meters()))
    yield "a month with the given use"
    yield from _sums("in all", month, billing)
    yield from (f"  not counted: nothing has the meter {name!r}" for name in unknown)
    yield ""


def _unpriced(found: Estimate) -> Iterator[str]:
    if not found.unpriced:
        yield "every resource has a price or is known to be free"
        return
    yield f"WITHOUT A PRICE, and in no sum above: {len(found.unpriced)} resources"
    for each in found.unpriced:
        yield f"  {each.environment}/{each.stack} {each.resource_type} {each.logical_id}: {each.reason}"


def _dates(lines: Iterable[Line]) -> Iterator[str]:
    prices = {(line.price.resource, line.price.item, line.price.region): line.price for line in lines}.values()
    if not prices:
        return
    days = sorted(price.day for price in prices)
    unsure = sum(not price.sure for price in prices)
    yield f"{len(prices)} prices of {days[0]} to {days[-1]}; {_UNSURE}: {unsure} of them are derived or unverified"
    yield "(`govml cost prices` shows each with its source)"


def _change(change: Change, shown: Callable[[Decimal], str]) -> str:
    before, after = ("-" if side is None else shown(side) for side in (change.before, change.after))
    return f"  {change.name:<{_WIDTH}} {before:>11} {after:>11} {_signed(change.usd, shown):>11}"


def _signed(amount: Decimal, shown: Callable[[Decimal], str]) -> str:
    return f"{'-' if amount < 0 else '+'}{shown(abs(amount))}"
