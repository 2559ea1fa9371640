"""What was observed of one endpoint's variant, or of all jobs of a use case."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Observed:
    """Use over some days.

    Args:
        subject: what a person calls it.
        place: where the agency file sets it, as in `use_cases.hdb_resale.instance_type`.
        instance_type: what it runs on now.
        count: instances now.
        least_count: instances that must stay: two where there are two or more, so that one zone may fail.
        hours: instance-hours of one instance that a month has at this use.
        peak_cpu_percent: highest use of an instance's cores, 100 for each core; None without figures.
        peak_memory_percent: highest use of an instance's memory, of 100; None without figures.
        calls: requests in these days; None where nobody calls (jobs).
        busiest: what had the peak, as in `Train`; empty: itself.
    """

    subject: str
    place: str
    instance_type: str
    count: int
    least_count: int
    hours: Decimal
    peak_cpu_percent: Decimal | None
    peak_memory_percent: Decimal | None
    calls: Decimal | None = None
    busiest: str = ""
