"""Sizes of the instance types that have a price (SageMaker developer guide and EC2, "Instance types")."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Instance:
    """One instance type.

    Args:
        name: as in `ml.m5.large`.
        vcpus: virtual cores.
        memory_gib: memory, GiB.
        gpus: accelerators.
    """

    name: str
    vcpus: int
    memory_gib: Decimal
    gpus: int

    @property
    def burstable(self) -> bool:
        """Whether it may use its cores only for a time (EC2 user guide, "Burstable performance instances")."""
        return self.name.split(".")[1].startswith("t")


@lru_cache(maxsize=1)
def instances() -> dict[str, Instance]:
    """Return the instance types by name."""
    text = (files("govml.cost") / "data" / "instances.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Instance(row["name"], int(row["vcpus"]), Decimal(row["memory_gib"]), int(row["gpus"]))
        for row in csv.DictReader(text.splitlines())
    }
