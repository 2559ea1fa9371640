"""The ledger: every delivery that has been dealt with, and what became of its rows.

It is one immutable object for each state of the table; the table's properties name the one that holds, so table and
ledger change in the same commit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from govml_pipeline.errors import UserError
from govml_pipeline.ingestion.delivery import Delivery
from govml_pipeline.storage import Storage

FORMAT_VERSION = 1
Outcome = Literal["applied", "refused"]
_RESTORE = (
    "bring back the object's first version: the bucket keeps versions; on a laptop, take in all files into a new lake"
)


class LedgerError(UserError):
    """The ledger that the table names is missing or damaged: somebody has changed the curated zone by hand."""


@dataclass(frozen=True)
class Counts:
    """What became of a file's rows; `read == accepted + quarantined` and `accepted == inserted + updated + unchanged + overtaken`.

    The balances of all deliveries add up to the rows of the table.

    A delivery that is judged anew under a newer contract is counted as if it came in now: against the table without
    it. Other deliveries' counts stay as they were when these came in, perhaps to a table that held its older rows;
    what that makes of the sum is its `carried`.

    Args:
        read: rows of the file.
        accepted: rows that keep the contract.
        quarantined: rows that do not.
        inserted: rows that the table did not have.
        updated: rows that took the place of a row with the same key.
        unchanged: rows that the table had already.
        removed: rows of the table that a complete file lacked.
        overtaken: rows that a later delivery, taken in before this one, had already replaced or removed.
        carried: balance of the delivery's earlier judgements less the rows that taking them back took from the table;
            not zero only where other deliveries hold the same keys or are complete for its months, and then of either
            sign.
    """

    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    overtaken: int = 0
    carried: int = 0

    @property
    def balance(self) -> int:
        """Rows of the table that stand to the delivery's account; negative where it removed more than it brought."""
        return self.inserted - self.removed + self.carried


@dataclass(frozen=True)
class Entry:
    """One delivery in the ledger.

    Args:
        id: the delivery's id.
        name: its file's name.
        version: its file's version.
        delivered_at: when it was delivered, ISO 8601, UTC.
        outcome: `applied`, or `refused` as a whole.
        reason: why it was refused.
        contract_version: version of the contract that it was judged by.
        mode: `upsert` or `snapshot`, as it was applied.
        sha256: digest of the file.
        counts: what became of its rows.
        months: months that it holds accepted rows of.
        parts: names of the objects with its accepted rows.
        reasons: why rows were refused: `column`, `reason`, `rows`, the most frequent first.
        examples: the first bad rows: `source_line`, `column`, `value`, `reason`.
        warnings: what is worth knowing although nothing was refused for it.
    """

    id: str
    name: str
    version: str
    delivered_at: str
    outcome: Outcome
    contract_version: int
    reason: str = ""
    mode: str = "upsert"
    sha256: str = ""
    counts: Counts = field(default_factory=Counts)
    months: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    reasons: tuple[dict[str, Any], ...] = ()
    examples: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Same order as the delivery's."""
        return datetime.fromisoformat(self.delivered_at), self.name, self.version


@dataclass(frozen=True)
class Ledger:
    """All entries by delivery id, in order of delivery."""

    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))

    def pending(self, deliveries: list[Delivery], contract_version: int) -> list[Delivery]:
        """Return the deliveries to take in: new ones, and those that an older contract refused or quarantined from."""
        return [each for each in deliveries if self._is_open(each, contract_version)]

    def _is_open(self, delivery: Delivery, contract_version: int) -> bool:
        entry = self.entries.get(delivery.id)
        if entry is None:
            return True
        found_wrong = entry.outcome == "refused" or entry.counts.quarantined
        return bool(found_wrong) and entry.contract_version < contract_version

    def applied(self) -> list[Entry]:
        """Return the entries whose rows are in the table, in order of delivery."""
        return sorted(
            (each for each in self.entries.values() if each.outcome == "applied"), key=lambda each: each.order
        )

    def with_entry(self, entry: Entry) -> Ledger:
        """Return the ledger with one more entry, or another one for the same delivery."""
        entries = {**self.entries, entry.id: entry}
        return replace(self, entries=MappingProxyType(dict(sorted(entries.items(), key=lambda item: item[1].order))))

    def save(self, storage: Storage) -> str:
        """Write the ledger and return the object's name, which holds its digest."""
        body = {"format_version": FORMAT_VERSION, "entries": [asdict(each) for each in self.entries.values()]}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        name = f"ledger/{len(self.entries):08d}-{hashlib.sha256(text).hexdigest()[:16]}.json"
        storage.write(name, text)
        return name

    @classmethod
    def load(cls, storage: Storage, name: str | None) -> Ledger:
        """Read the ledger that the table names; none yet means that nothing was taken in.

        Raises:
            LedgerError: it is not there, or not what was written.
        """
        if not name:
            return cls()
        try:
            content = storage.read(name)
        except FileNotFoundError as error:
            raise LedgerError(
                f"{storage.uri}/{name}: the table names this ledger, but it is not there", hint=_RESTORE
            ) from error
        if hashlib.sha256(content).hexdigest()[:16] not in name:
            raise LedgerError(f"{storage.uri}/{name}: not the content that was written", hint=_RESTORE)
        return cls(MappingProxyType({each.id: each for each in map(_entry, json.loads(content)["entries"])}))


def _entry(raw: dict[str, Any]) -> Entry:
    lists = {name: tuple(value) for name, value in raw.items() if isinstance(value, list)}
    return Entry(**{**raw, **lists, "counts": Counts(**raw["counts"])})
