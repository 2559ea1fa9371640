"""`People`: which roles for people reach which zone and key, in one table; the keys and buckets name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from govml_constructs.storage.zone_grants import ZoneGrants

_ZONES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "raw": {
        "writers": ("data_engineer",),
        "closed_to": ("data_scientist", "ml_engineer", "approver", "auditor"),
    },
    "curated": {
        "readers": ("data_scientist", "ml_engineer"),
        "writers": ("data_engineer",),
        "result_writers": ("data_scientist", "ml_engineer"),
        "closed_to": ("approver", "auditor"),
    },
    "features": {
        "readers": ("data_scientist", "ml_engineer"),
        "writers": ("data_engineer",),
        "closed_to": ("approver", "auditor"),
    },
    "artifacts": {
        "readers": ("data_scientist", "ml_engineer", "approver"),
        "closed_to": ("data_engineer", "auditor"),
    },
    "evidence": {"readers": ("approver", "auditor", "ml_engineer")},  # the last reads the ledger of releases
}
_KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "data": {"writers": ("data_engineer", "data_scientist", "ml_engineer")},  # query results are written too
    "ml": {"readers": ("data_scientist", "ml_engineer", "approver")},
    "logs": {"readers": ("approver", "auditor", "ml_engineer")},  # evidence
}


@dataclass(frozen=True)
class People:
    """The roles for people of an environment.

    Args:
        role_arns: role for people -> ARN; empty where the switch `personas` is off.
    """

    role_arns: Mapping[str, str] = field(default_factory=dict)

    def zone_grants(self) -> dict[str, ZoneGrants]:
        """Return for each zone whom its bucket policy names; nothing where there are no roles for people."""
        if not self.role_arns:
            return {}
        return {
            zone: ZoneGrants(**{kind: self._arns(names) for kind, names in grants.items()})
            for zone, grants in _ZONES.items()
        }

    def key_readers(self, domain: str) -> list[str]:
        """Return the ARNs of the roles that may decrypt with a domain's key."""
        return self._arns(_KEYS[domain].get("readers", ()))

    def key_writers(self, domain: str) -> list[str]:
        """Return the ARNs of the roles that may encrypt and decrypt with a domain's key."""
        return self._arns(_KEYS[domain].get("writers", ()))

    def _arns(self, names: Sequence[str]) -> list[str]:
        return [self.role_arns[name] for name in names] if self.role_arns else []
