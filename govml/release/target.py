"""What the serving stack should serve, by registry and ledger."""

from __future__ import annotations

from dataclasses import dataclass

from govml.release.events import APPROVED, FROZEN
from govml.release.rules import UseCase
from govml.release.standing import Standing
from govml.release.state import Serving, State, Variant


@dataclass(frozen=True)
class Target:
    """What should be served.

    Args:
        serving: it; None leaves everything as it is.
        version: the version that a change would be about.
        why: the reason.
        trouble: it cannot be reached without a person.
    """

    serving: Serving | None
    version: int
    why: str
    trouble: bool = False


def find_target(state: State, standing: Standing, use_case: UseCase) -> Target:
    """Return what the serving stack should serve.

    The highest version wins whose approval counts and that lacks nothing. While frozen, only a step back is taken. An
    endpoint is never taken away because nothing is approved: that takes an explicit end of the service.
    """
    live, rules = state.stack.serving.live, use_case.rules
    if standing.retired:
        return Target(Serving(), 0, f"retired by {standing.retired.who}")
    ready = [number for number in sorted(state.packages, reverse=True) if _is_ready(number, state, standing, use_case)]
    current = live.version if live else 0
    if not ready:
        lost = bool(current and current in state.packages and not standing.version(current).approval)
        return Target(None, 0, _lost(current) if lost else "no version is approved and complete", trouble=lost)
    newest = ready[0]
    # The mark alone freezes: whoever set it, CloudTrail's word of it is not waited for.
    if standing.frozen or state.marker == FROZEN:
        if current in ready or not current:
            return Target(None, 0, "frozen")
        below = [number for number in ready if number < current]
        if not below:
            return Target(None, 0, f"frozen, and {_lost(current)}", trouble=True)
        newest = below[0]
    chosen = _variant(newest, standing, use_case)
    beside = rules.challenger and current in ready and newest > current
    if beside and chosen.digest not in standing.version(newest).tested:
        return Target(
            Serving(live=_variant(current, standing, use_case), challenger=chosen),
            newest,
            f"challenger beside version {current}",
        )
    return Target(Serving(live=chosen), newest, _reason(newest, current))


def _is_ready(number: int, state: State, standing: Standing, use_case: UseCase) -> bool:
    version, rules = standing.version(number), use_case.rules
    return (
        state.packages[number].status == APPROVED
        and version.approval is not None
        and set(rules.consumers) <= version.signed_off
        and (not rules.promoted or version.approval.model_digest in version.received)
    )


def _variant(number: int, standing: Standing, use_case: UseCase) -> Variant:
    approval = standing.version(number).approval
    if approval is None:
        raise ValueError(f"version {number} has no approval that counts")
    digest = approval.model_digest
    return Variant(number, digest, approval.image, use_case.released_uri(digest))


def _reason(newest: int, current: int) -> str:
    return f"back from version {current}" if newest < current else "approved and complete"


def _lost(current: int) -> str:
    return f"version {current} is served without an approval, and no other version is approved: approve one, or retire"
