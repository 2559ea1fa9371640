"""What each switch costs: the plan with the switch turned the other way, against the plan as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from govml.cost.estimate import Estimate
from govml.cost.plans import Rates, plan, with_switch
from govml.errors import UserError
from govml.settings import load_settings


@dataclass(frozen=True)
class SwitchCost:
    """One switch.

    Args:
        name: the switch.
        on: whether it is on in the agency file.
        usd: US dollars a month that it costs while nothing happens; None where it cannot change alone.
        refusal: why it cannot.
    """

    name: str
    on: bool
    usd: Decimal | None
    refusal: str = ""


def switch_costs(
    config: Path, environment: str | None, names: Iterable[str], *, now: Estimate, rates: Rates
) -> Iterator[SwitchCost]:
    """Yield each switch's cost: of one that is on what it costs, of one that is off what it would.

    Args:
        config: agency file.
        environment: one environment of it; None for all.
        names: switches; empty: all.
        now: the plan as it is.
        rates: prices and assumptions.

    Raises:
        UserError: there is no such switch, or the agency file is wrong.
    """
    switches: dict[str, bool] = asdict(load_settings(config).switches)
    wanted = list(names) or list(switches)
    unknown = [name for name in wanted if name not in switches]
    if unknown:
        raise UserError(f"there is no switch {unknown[0]!r}", hint=f"switches: {', '.join(switches)}")
    with tempfile.TemporaryDirectory(prefix="govml-cost-") as folder:
        for name in wanted:
            on = switches[name]
            try:
                other = plan(with_switch(config, name, on=not on, folder=Path(folder)), environment, rates)
            except UserError as error:
                yield SwitchCost(name, on, None, _first_problem(str(error)))
                continue
            change = other.idle_usd - now.idle_usd
            yield SwitchCost(name, on, -change if on else change)


def _first_problem(text: str) -> str:
    """Return the problem of a refused agency file without the name of a file that is gone."""
    lines = [line.strip() for line in text.splitlines()]
    return next((line.split(": ", 1)[-1] for line in lines[1:] if line), lines[0])
