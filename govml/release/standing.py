"""What the ledger says about each version and about the use case as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from govml.release.entry import Entry
from govml.release.verdict import passed

_CANCELS = {"refused", "rolled-back", "failed"}
_ORDERS = {"frozen", "unfrozen", "retired"}
_OUTCOMES = {"deployed", "rolled-back", "failed"}
CONSUMER = "consumer:"
"""How a sign-off's entry names the consumer among its evidence."""
TRAINER = "trainer:"
"""How an approval's entry names who trained the version, and an entry of a promoted version likewise."""


@dataclass
class Version:
    """One version's standing.

    Args:
        approval: the approval that counts, if any.
        last: the last entry that gave or took an approval.
        signed_off: consumers that have signed off.
        received: digests that came from another environment under this version.
        tested: digests that passed their tests in this environment.
        makers: names of those who trained it, where it came from another environment.
    """

    approval: Entry | None = None
    last: Entry | None = None
    signed_off: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)
    makers: list[str] = field(default_factory=list)

    @property
    def decided_at(self) -> str:
        """When the last approval or cancellation happened: an event's own time where one stands behind it."""
        return decided_at(self.last) if self.last else ""

    def was_decided_by(self, moment: datetime) -> bool:
        """Whether the last approval or cancellation is no older than a change of the registry."""
        if self.last is None:
            return False
        # CloudTrail counts in seconds, and may note a call in the second before the registry notes the change.
        margin = timedelta(seconds=0 if decided_at(self.last) == self.last.at else 1)
        return moment.replace(microsecond=0) <= datetime.fromisoformat(self.decided_at) + margin


@dataclass
class Standing:
    """What the whole ledger amounts to.

    Args:
        versions: version -> its standing.
        events: ids of CloudTrail's records that are told already.
        frozen: nothing but a step back may be deployed.
        retired: the entry that ended the service, until a version is approved after it.
        deploying: the deployment whose outcome is not told yet.
        ordered_at: when people last froze, opened or retired.
    """

    versions: dict[int, Version] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    frozen: bool = False
    retired: Entry | None = None
    deploying: Entry | None = None
    ordered_at: str = ""

    def version(self, number: int) -> Version:
        """Return a version's standing; a version that the ledger does not know has none."""
        return self.versions.get(number, Version())


def read_standing(entries: Sequence[Entry]) -> Standing:
    """Return what entries, oldest first, amount to."""
    standing = Standing()
    for entry in entries:
        standing.events.update(each.uri for each in entry.evidence if each.uri.startswith("cloudtrail:"))
        _about_all(standing, entry)
        if entry.version:
            _about_version(standing.versions.setdefault(entry.version, Version()), entry)
    return standing


def decided_at(entry: Entry) -> str:
    """Return when the thing happened that an entry tells: the time of CloudTrail's record, else of the entry."""
    for each in entry.evidence:
        if each.uri.startswith("cloudtrail:") and each.uri.count("/") == 2:
            return each.uri.split("/")[1]
    return entry.at


def _about_all(standing: Standing, entry: Entry) -> None:
    if entry.action in _ORDERS:
        standing.ordered_at = decided_at(entry)
    if entry.action in {"frozen", "unfrozen"}:
        standing.frozen = entry.action == "frozen"
    if entry.action == "retired":
        standing.retired = entry
        for version in standing.versions.values():
            version.approval, version.last = None, entry
    if entry.action == "approved" or (entry.action in {"rolled-back", "failed"} and not entry.version):
        standing.retired = None  # a new approval begins anew; an end that failed is not tried again by itself
    if entry.action == "deploying":
        standing.deploying = entry
    if entry.action in _OUTCOMES and _ends(entry, standing.deploying):
        standing.deploying = None


def _ends(entry: Entry, deploying: Entry | None) -> bool:
    """Whether an entry is the outcome of a deployment; a withdrawal of the version is none."""
    return deploying is not None and serving_of(entry) == serving_of(deploying)


def serving_of(entry: Entry) -> str:
    """Return what an entry about a deployment says of the serving stack, as `Serving.label` writes it."""
    return next((each.uri for each in entry.evidence if each.uri.startswith("serving:")), "")


def _about_version(version: Version, entry: Entry) -> None:
    if entry.action == "approved":
        version.approval = version.last = entry
    elif entry.action in _CANCELS:
        version.approval, version.last = None, entry
    elif entry.action == "signed-off":
        version.signed_off.update(
            each.uri.removeprefix(CONSUMER) for each in entry.evidence if each.uri.startswith(CONSUMER)
        )
    elif entry.action == "received":
        version.received.add(entry.model_digest)
        version.makers.extend(each.uri.removeprefix(TRAINER) for each in entry.evidence if each.uri.startswith(TRAINER))
    elif entry.action == "tested":
        (version.tested.add if passed(entry) else version.tested.discard)(entry.model_digest)
