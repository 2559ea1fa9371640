"""The address budget: what each subnet holds against what it must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govml.network_plan.demand import RESERVED_BY_AWS, Demand
from govml.network_plan.subnets import PlannedSubnet


@dataclass(frozen=True)
class SubnetBudget:
    """One subnet and what stands in it."""

    subnet: PlannedSubnet
    demands: tuple[Demand, ...]

    @property
    def usable(self) -> int:
        """Addresses that AWS leaves to us."""
        return max(0, self.subnet.cidr.num_addresses - RESERVED_BY_AWS)

    @property
    def needed(self) -> int:
        """Addresses that the plan takes."""
        return sum(each.addresses for each in self.demands)

    @property
    def free(self) -> int:
        """Addresses that are left; below zero when the plan does not fit."""
        return self.usable - self.needed

    @property
    def smallest_prefix(self) -> int:
        """Prefix length of the smallest subnet that would hold the plan; /28 is the smallest that AWS makes."""
        return min(28, 32 - (self.needed + RESERVED_BY_AWS - 1).bit_length())

    def breakdown(self) -> str:
        """Return what takes how many, the most first, as in `interface endpoints 18, builds 2`."""
        ordered = sorted(self.demands, key=lambda each: -each.addresses)
        return ", ".join(f"{each.what} {each.addresses}" for each in ordered)


def address_budget(subnets: Sequence[PlannedSubnet], demands: Sequence[Demand]) -> tuple[SubnetBudget, ...]:
    """Return the budget of each subnet, in the order given."""
    return tuple(
        SubnetBudget(subnet, tuple(each for each in demands if each.role == subnet.role)) for subnet in subnets
    )
