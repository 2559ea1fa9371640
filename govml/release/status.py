"""What stands and what is due: one use case's release as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from govml.release.decide import decide
from govml.release.entry import Entry
from govml.release.events import APPROVED
from govml.release.rules import UseCase
from govml.release.standing import Standing, read_standing
from govml.release.state import State, Variant
from govml.release.steps import Approve, Cancel, Deploy, Record, Rest, SetBack, Step


def lines(state: State, entries: Sequence[Entry], case: UseCase, now: datetime) -> Iterator[str]:
    """Give the lines of `govml release status`.

    Args:
        state: the account.
        entries: the ledger, oldest first.
        case: the use case.
        now: the time, in UTC.
    """
    standing = read_standing(entries)
    yield f"serving   {case.stack}: {state.stack.status or 'not deployed'}"
    for role, variant in (("live", state.stack.serving.live), ("challenger", state.stack.serving.challenger)):
        if variant or role == "live":
            yield f"{role:<9} {_variant(variant)}"
    if standing.frozen or state.marker == "frozen":
        yield "frozen    only a step back is deployed"
    if standing.retired:
        yield f"retired   by {standing.retired.who}, {standing.retired.at}"
    for number in sorted(state.packages, reverse=True):
        yield f"version   {number}: {_version(number, state, standing, case)}"
    yield f"ledger    {len(entries)} entries" + (f", the last {_entry(entries[-1])}" if entries else "")
    yield f"next      {_step(decide(state, entries, (), use_case=case, now=now))}"


def entry_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """Give one line an entry, oldest first."""
    for entry in entries:
        yield f"{entry.sequence:>4}  {entry.at}  {_entry(entry)}  {entry.who}: {entry.why}"


def _variant(variant: Variant | None) -> str:
    if variant is None:
        return "nothing"
    named = f"version {variant.version}" if variant.version else "a model without a version"
    return f"{named}, model {variant.digest[:12]}, image {variant.image.rpartition('@')[2][:19]}"


def _version(number: int, state: State, standing: Standing, case: UseCase) -> str:
    status, version = state.packages[number].status, standing.version(number)
    parts = [status]
    if version.approval:
        parts.append(f"approval by {version.approval.who} counts")
    elif status == APPROVED:
        parts.append("the ledger holds no approval yet")
    elif version.last:
        parts.append(f"{version.last.action}: {version.last.why}")
    missing = sorted(set(case.rules.consumers) - version.signed_off)
    if missing:
        parts.append(f"not signed off by {', '.join(missing)}")
    return "; ".join(parts)


def _entry(entry: Entry) -> str:
    return f"{entry.action} version {entry.version}" if entry.version else entry.action


def _step(step: Step) -> str:
    match step:
        case Rest():
            return step.why + (": a person must act" if step.trouble else "")
        case Deploy():
            return f"deploys {step.target.label.partition(',sha256')[0].removeprefix('serving:')}: {step.why}"
        case Record():
            return f"writes down: {step.action} version {step.version}, {step.why}"
        case SetBack():
            return f"sets version {step.version} back to pending"
        case Cancel():
            return "stops the running update"
        case Approve():
            return f"writes down the approval of version {step.claim.version}"
