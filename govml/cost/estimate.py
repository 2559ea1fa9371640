"""From templates to lines: every resource has a price, is free, or is listed as unpriced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from govml.bootstrap.assembly import Resource, StackArtifact
from govml.cost.line import Line, UnknownQuantityError, Unpriced, Use
from govml.cost.prices import STANDING_UNITS, PriceTable
from govml.cost.quantities import COUNTERS
from govml.cost.template_values import Template
from govml.cost.usage import Usage


@dataclass(frozen=True)
class Estimate:
    """What stacks cost, before service fee and tax.

    Args:
        lines: every use of a priced thing.
        unpriced: resources whose cost is not known.
        usage: the assumptions.
    """

    lines: tuple[Line, ...]
    unpriced: tuple[Unpriced, ...]
    usage: Usage

    @property
    def standing(self) -> list[Line]:
        """Lines of what is paid while nothing happens."""
        return [line for line in self.lines if line.stands]

    @property
    def idle_usd(self) -> Decimal:
        """US dollars a month of what stands."""
        return sum((line.usd for line in self.standing), Decimal(0))

    def idle_by(self, key: Callable[[Line], str]) -> dict[str, Decimal]:
        """Return US dollars a month of what stands by a property of the lines, dearest first."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.standing:
            sums[key(line)] += line.usd
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))

    def meters(self) -> dict[str, Meter]:
        """Return what a unit of each meter costs: of a run the sum of its jobs, of a GB the rate of one."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.meter is not None:
                found[line.meter].append(line)
        return {name: Meter.of(lines) for name, lines in sorted(found.items())}

    def month_usd(self) -> Decimal | None:
        """Return a whole month's cost by the assumed number of each meter, None where none is assumed."""
        if not self.usage.month:
            return None
        meters = self.meters()
        used = (meters[name].usd * count for name, count in self.usage.month.items() if name in meters)
        return self.idle_usd + sum(used, Decimal(0))


@dataclass(frozen=True)
class Meter:
    """What one of a meter costs.

    Args:
        usd: US dollars, of the dearest where several resources have the meter at different rates.
        at_most_usd: the same, when jobs run as long as they may.
        sure: whether all its prices are as published.
        resources: how many resources have it.
    """

    usd: Decimal
    at_most_usd: Decimal
    sure: bool
    resources: int

    @classmethod
    def of(cls, lines: list[Line]) -> Meter:
        """Add up the lines of one meter."""
        together = sum if any(line.composite for line in lines) else max
        return cls(
            usd=Decimal(together(line.usd for line in lines)),
            at_most_usd=Decimal(together(line.at_most_usd for line in lines)),
            sure=all(line.price.sure for line in lines),
            resources=len({(line.environment, line.stack, line.logical_id) for line in lines}),
        )


def estimate(stacks: Iterable[StackArtifact], prices: PriceTable, usage: Usage) -> Estimate:
    """Return what stacks cost.

    Args:
        stacks: the stacks of an assembly.
        prices: the price table.
        usage: the assumptions.
    """
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    for stack in stacks:
        template = Template(stack.template, stack.region)
        for logical_id, resource in stack.resources.items():
            place = _Place(stack.environment, stack.display_name.rpartition("/")[2], logical_id, resource["Type"])
            try:
                lines += _lines(place, resource, template, prices, usage)
            except UnknownQuantityError as error:
                unpriced.append(place.unpriced(str(error)))
    return Estimate(tuple(lines), tuple(sorted(unpriced)), usage)


@dataclass(frozen=True)
class _Place:
    environment: str
    stack: str
    logical_id: str
    resource_type: str

    def unpriced(self, reason: str) -> Unpriced:
        return Unpriced(self.environment, self.stack, self.logical_id, self.resource_type, reason)


def _lines(place: _Place, resource: Resource, template: Template, prices: PriceTable, usage: Usage) -> Iterator[Line]:
    kind, region = place.resource_type, template.region
    counter = COUNTERS.get(kind)
    if counter is not None:
        uses = list(counter(place.logical_id, template.properties(resource), template, usage))
    else:
        uses = [Use(price.resource, price.item) for price in prices.of_type(kind, region)]
        if not uses:
            where = f" in {region}" if prices.knows(kind) else ""
            raise UnknownQuantityError(f"the price table has no row for it{where}")
    lines = [_line(place, use, resource, prices, region) for use in uses]
    yield from lines


def _line(place: _Place, use: Use, resource: Mapping[str, object], prices: PriceTable, region: str) -> Line:
    price = prices.find(use.resource, use.item, region)
    if price is None:
        raise UnknownQuantityError(f"the price table has no row for {use.resource} {use.item} in {region}")
    stands = price.stands and use.meter is None
    factor = STANDING_UNITS[price.unit] if stands else Decimal(1)
    at_most = use.quantity if use.at_most is None else max(use.at_most, use.quantity)
    return Line(
        environment=place.environment,
        stack=place.stack,
        logical_id=place.logical_id,
        resource_type=place.resource_type,
        price=price,
        quantity=use.quantity,
        meter=None if stands else (use.meter or price.unit),
        composite=use.meter is not None,
        usd=price.usd * use.quantity * factor,
        at_most_usd=price.usd * at_most * factor,
        condition=str(resource.get("Condition", "")),
    )
