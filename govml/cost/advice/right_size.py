"""From what was observed to the cheapest instances that hold it. A pure function of the figures and the prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from govml.cost.advice.instances import Instance, instances
from govml.cost.advice.observed import Observed
from govml.cost.prices import PriceTable
from govml.cost.quantities.pipelines import INSTANCE

HEADROOM = Decimal("0.20")
"""Share of cores and of memory that stays free at the peak: AWS Compute Optimizer's default ("Rightsizing
recommendation preferences")."""
WORTH = Decimal("0.05")
"""Smallest saving, as a share, for which a change is advised."""
Verdict = Literal["fits", "too large", "too small", "idle", "no figures", "not known"]


@dataclass(frozen=True)
class Advice:
    """What should change.

    Args:
        observed: what it is about.
        verdict: how the instances of now compare with the use.
        instance_type: the advised type; that of now where nothing should change.
        count: the advised number.
        saving_usd: US dollars a month, before the service fee; negative where more is needed.
        why: the reason in words.
    """

    observed: Observed
    verdict: Verdict
    instance_type: str
    count: int
    saving_usd: Decimal
    why: str


class RightSizer:
    """Judges instances by list prices.

    Args:
        prices: the price table.
        region: region of its prices.
    """

    def __init__(self, prices: PriceTable, region: str) -> None:
        self._hourly = {
            name: price.usd for name in instances() if (price := prices.find(INSTANCE, name, region)) is not None
        }

    def advise(self, observed: Observed) -> Advice:
        """Return the advice for one endpoint's variant or one use case's jobs."""
        now = instances().get(observed.instance_type)
        if now is None or now.name not in self._hourly:
            return _keep(observed, "not known", f"{observed.instance_type} is not among the sizes and prices")
        if observed.calls == 0:
            why = "nobody called it: make it serverless or asynchronous with 0 instances, or take it away"
            return Advice(observed, "idle", now.name, 0, self._hourly[now.name] * observed.count * observed.hours, why)
        if observed.peak_cpu_percent is None or observed.peak_memory_percent is None:
            return _keep(observed, "no figures", "CloudWatch has no figures of these days")
        if now.gpus:
            return _keep(observed, "not known", "accelerators are not judged: cores and memory say little of their use")
        need = _Need(
            cores=observed.peak_cpu_percent / 100 * observed.count,
            memory_gib=observed.peak_memory_percent / 100 * now.memory_gib,
            least_count=observed.least_count,
        )
        return self._sized(observed, now, need)

    def _sized(self, observed: Observed, now: Instance, need: _Need) -> Advice:
        peak_of = f" ({observed.busiest})" if observed.busiest else ""
        why = f"{need.cores:.1f} cores and {need.memory_gib:.1f} GiB at the peak{peak_of}"
        choices = []
        for each in instances().values():
            unfit = each.name not in self._hourly or each.gpus or (each.burstable and not now.burstable)
            count = need.count(each)
            if count is not None and not unfit:
                # of equal cost the type of now, then fewer instances
                choices.append((self._hourly[each.name] * count, each.name != now.name, count, each.name))
        if not choices:
            return _keep(observed, "too small", f"{why}: more than any type of the price table holds")
        hourly, _, count, name = min(choices)
        hourly_now, needed_now = self._hourly[now.name] * observed.count, need.count(now)
        holds = needed_now is not None and observed.count >= needed_now
        saving = hourly_now - hourly
        if holds and saving < hourly_now * WORTH:
            return _keep(observed, "fits", why)
        return Advice(observed, "too large" if holds else "too small", name, count, saving * observed.hours, why)


@dataclass(frozen=True)
class _Need:
    """What has to be held at the peak: all cores together, and the memory of each instance, as each holds the model."""

    cores: Decimal
    memory_gib: Decimal
    least_count: int

    def count(self, of: Instance) -> int | None:
        """Return how many instances of a type hold it with headroom; None where the memory of one is too small."""
        room = 1 - HEADROOM
        if self.memory_gib > of.memory_gib * room:
            return None
        return max(self.least_count, math.ceil(self.cores / (of.vcpus * room)))


def _keep(observed: Observed, verdict: Verdict, why: str) -> Advice:
    return Advice(observed, verdict, observed.instance_type, observed.count, Decimal(0), why)
