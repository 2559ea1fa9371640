"""What the class of the data decides: how long things are kept, how evidence is locked, what is refused.

The numbers are this blueprint's reading, not a published table: public-sector control LM-8 asks for twelve months of
logs, and nothing published gives years for evidence. An agency that is told otherwise changes this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

DataClassification = Literal["official-open", "official-closed", "restricted", "confidential"]
"""Singapore's public-sector data classes that the commercial cloud may hold."""

LockMode = Literal["GOVERNANCE", "COMPLIANCE"]
"""S3 Object Lock: a GOVERNANCE lock can be lifted by whoever may bypass it; a COMPLIANCE lock by nobody, root included
(S3 user guide, "Locking objects with Object Lock")."""


@dataclass(frozen=True)
class Handling:
    """How data of one class is handled.

    Args:
        log_retention_days: shortest retention of logs, in days.
        noncurrent_days: how long overwritten and deleted versions of objects are kept, in days.
        cool_after_days: when delivered files, and the log of their rows, move to infrequent access, in days; S3 takes no
            fewer than 30.
        query_result_days: how long results of queries are kept, in days.
        capture_days: how long captured requests, what people said of answers, and reports of the drift engine are kept, in
            days; long enough for monthly windows whose labels come four months late, and the shorter the more sensitive.
        evidence_days: how long evidence is locked, in days.
        evidence_lock: the lock of evidence.
        may_be_destroyed: `removal: destroy` is possible (never in prod, and never without the second key).
        filtered_internet: `network.internet: filtered` is possible.
    """

    log_retention_days: int
    noncurrent_days: int
    cool_after_days: int
    query_result_days: int
    capture_days: int
    evidence_days: int
    evidence_lock: LockMode
    may_be_destroyed: bool
    filtered_internet: bool


HANDLING: Mapping[DataClassification, Handling] = MappingProxyType(
    {
        "official-open": Handling(
            365, 30, 90, 30, 731, 365, "GOVERNANCE", may_be_destroyed=True, filtered_internet=True
        ),
        "official-closed": Handling(
            365, 90, 90, 14, 400, 731, "GOVERNANCE", may_be_destroyed=True, filtered_internet=True
        ),
        "restricted": Handling(
            400, 180, 180, 7, 250, 1096, "COMPLIANCE", may_be_destroyed=True, filtered_internet=True
        ),
        "confidential": Handling(
            400, 365, 365, 1, 200, 2557, "COMPLIANCE", may_be_destroyed=False, filtered_internet=False
        ),
    }
)
"""Class of the data -> its handling. Cross-region inference is refused for every class (`govml.settings.ai`)."""
