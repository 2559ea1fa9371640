"""What a ledger says about a model: may it go on to the next environment, and did it come by promotion?

Pure functions over entries: promotion asks the source's ledger, the release decision asks its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from govml.errors import UserError
from govml.release.entry import Action, Entry

PASSED: Final = "passed"
FAILED: Final = "failed"

_ENDS: Final = frozenset({"rolled-back", "retired", "refused"})


def verdict_text(passed: bool, reasons: Sequence[str]) -> str:
    """Return the `why` of an entry `tested`: the verdict, and its reasons."""
    return f"{PASSED if passed else FAILED}: {'; '.join(reasons)}"


def passed(entry: Entry) -> bool:
    """Return whether an entry `tested` says that the model passed its checks."""
    return entry.action == "tested" and entry.why.startswith(f"{PASSED}:")


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
        return f"its checks say `{entry.why}` ({entry.at})"
    for later in entries[entry.sequence :]:
        if later.model_digest != entry.model_digest:
            continue
        if later.action in _ENDS:
            return f"it was {later.action} since ({later.at}): {later.why or 'no reason is given'}"
        if later.action == "tested" and not passed(later):
            return f"its checks say `{later.why}` since ({later.at})"
    return None


def missing_promotion(entries: Sequence[Entry], *, model_digest: str, promote_from: str | None) -> str | None:
    """Return why a model may not be deployed for want of a promotion, or None where it may: the release decision asks.

    Args:
        entries: the ledger of the environment that would deploy, oldest first.
        model_digest: SHA-256 of the model archive that would be deployed.
        promote_from: environment that models must come from; None: they may be trained right here.
    """
    if promote_from is None:
        return None
    if any(entry.action == "received" and entry.model_digest == model_digest and entry.evidence for entry in entries):
        return None
    return (
        f"its digest did not come from {promote_from}: models are promoted, not built here "
        f"(`govml release promote` writes `received` into the ledger)"
    )
