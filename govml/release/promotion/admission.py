"""What the source's ledger says about a model: may it go on to the next environment? Pure functions over entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from govml.errors import UserError
from govml.release.entry import Action, Entry
from govml.release.verdict import passed

_ENDS: Final = frozenset({"rolled-back", "retired", "refused"})


def needed(target: str) -> Action:
    """Return what the source's ledger must say: prod takes only what was tested, the others what was deployed."""
    return "tested" if target == "prod" else "deployed"


def admitting(entries: Sequence[Entry], *, target: str, version: int | None = None) -> Entry:
    """Return the source's entry that lets a model go on.

    Args:
        entries: the source's ledger, oldest first.
        target: environment that the model goes to.
        version: version in the source's registry; None: the latest that may go on.

    Raises:
        UserError: why it, or none, may go on.
    """
    action = needed(target)
    about = [entry for entry in entries if entry.model_digest and version in (None, entry.version)]
    if not about:
        which = "no version" if version is None else f"nothing of version {version}"
        raise UserError(
            f"the source's ledger tells of {which}: it was never released there",
            hint="approve it in the source, and wait until it is deployed: `govml release status`",
        )
    for entry in reversed(about):
        if entry.action == action and _refusal(entries, entry) is None:
            return entry
    last = next((entry for entry in reversed(about) if entry.action == action), None)
    if last is None:
        done = f"run its checks in the source first: `govml release check --environment {about[-1].environment}`"
        raise UserError(
            f"version {about[-1].version} was never {action} in {about[-1].environment}, and {target} takes nothing else",
            hint=done if action == "tested" else "wait until it is deployed there",
        )
    raise UserError(f"version {last.version} may not go on to {target}: {_refusal(entries, last)}")


def _refusal(entries: Sequence[Entry], entry: Entry) -> str | None:
    """Return why an entry no longer admits its model, or None."""
    if entry.action == "tested" and not passed(entry):
        return f"it failed its checks ({entry.at}): {entry.why}"
    for later in entries[entry.sequence :]:
        if later.model_digest != entry.model_digest:
            continue
        if later.action in _ENDS:
            return f"it was {later.action} since ({later.at}): {later.why or 'no reason is given'}"
        if later.action == "tested" and not passed(later):
            return f"it failed its checks since ({later.at}): {later.why}"
    return None
