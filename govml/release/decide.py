"""The decision: from the registry, the ledger and the serving stack to one step. Pure: it calls nothing and keeps nothing.

Events only say that it is time to look, and carry claims of who approved. So an event that comes twice, late or out of
order leads to the same step, and a release that was killed goes on where the account shows it to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from govml.release.duties import is_sign_off, may_order, reason_to_refuse
from govml.release.entry import Action, Entry, Evidence
from govml.release.events import APPROVED, FROZEN, OPEN, RETIRED, Claim
from govml.release.identity import person
from govml.release.rules import Rules, UseCase
from govml.release.standing import CONSUMER, Standing, read_standing, serving_of
from govml.release.state import Stack, State
from govml.release.steps import Approve, Cancel, Deploy, Record, Rest, SetBack, Step
from govml.release.target import find_target

PATIENCE = timedelta(hours=1)
"""So long CloudTrail may take to tell who approved; it usually takes 5 minutes (CloudTrail user guide, "How CloudTrail
works")."""
_ORDERS: Mapping[str, Action] = {FROZEN: "frozen", OPEN: "unfrozen", RETIRED: "retired"}


def token(use_case: UseCase, deploying: Entry) -> str:
    """Return the token by which CloudFormation knows an update again: the same for the same entry of the ledger."""
    return f"release-{use_case.slug}-{deploying.sequence}"


def decide(
    state: State, entries: Sequence[Entry], claims: Iterable[Claim], *, use_case: UseCase, now: datetime
) -> Step:
    """Return the next step.

    Args:
        state: the account.
        entries: the ledger, oldest first.
        claims: approvals and sign-offs that events told of, in any order, known ones among them.
        use_case: where, and by which rules.
        now: the time, in UTC.
    """
    standing = read_standing(entries)
    return (
        _next_claim(state, standing, claims, use_case)
        or _withdrawn(state, standing)
        or _unfounded(state, standing, now)
        or _deployment(state, standing, use_case)
    )


def _next_claim(state: State, standing: Standing, claims: Iterable[Claim], use_case: UseCase) -> Step | None:
    for claim in sorted(claims, key=lambda each: (each.at, each.event, each.kind)):
        if claim.uri in standing.events:
            continue
        judge = {"approval": _approval, "sign-off": _sign_off, "order": _order}[claim.kind]
        step = judge(claim, state, standing, use_case.rules)
        if step:
            return step
    return None


def _approval(claim: Claim, state: State, standing: Standing, rules: Rules) -> Step | None:
    package, version = state.packages.get(claim.version), standing.version(claim.version)
    # A later decision stands already, or the approval was taken back since: the state decides.
    if package is None or package.status != APPROVED or claim.at < version.decided_at:
        return None
    trainers = (*package.trainers, *(person(name) for name in version.makers))
    why = reason_to_refuse(claim, account=state.account, trainers=trainers, rules=rules)
    if why:
        return Record("refused", claim.version, why, claim.who.label, (Evidence(claim.uri),), alert=True)
    return Approve(claim, tuple(sorted({name for each in trainers for name in each.names})))


def _sign_off(claim: Claim, state: State, _: Standing, rules: Rules) -> Step | None:
    if claim.version not in state.packages or not is_sign_off(claim, account=state.account, rules=rules):
        return None
    evidence = (Evidence(claim.uri), Evidence(f"{CONSUMER}{claim.value}"))
    return Record("signed-off", claim.version, f"signed off in the name of {claim.value}", claim.who.label, evidence)


def _order(claim: Claim, state: State, standing: Standing, rules: Rules) -> Step | None:
    action = _ORDERS.get(claim.value)
    if action is None or claim.at < standing.ordered_at:
        return None
    evidence = (Evidence(claim.uri),)
    if may_order(claim, account=state.account, rules=rules):
        return Record(action, 0, "ordered by a mark on the model package group", claim.who.label, evidence)
    why = f"{claim.who.label} may not order {claim.value}: {', '.join(rules.operators)} may"
    return Record("refused", 0, why, claim.who.label, evidence, alert=True)


def _withdrawn(state: State, standing: Standing) -> Step | None:
    """Look for an approval that the registry no longer shows."""
    serving = state.stack.serving
    shown = {each.version for each in (serving.live, serving.challenger) if each}
    if standing.deploying:
        shown.add(standing.deploying.version)
    for number, version in sorted(standing.versions.items()):
        package = state.packages.get(number)
        status = package.status if package else "gone"
        if version.approval and status != APPROVED:
            who = package.modified_by.label if package else ""
            return Record("rolled-back" if number in shown else "refused", number, f"the registry says {status}", who)
    return None


def _unfounded(state: State, standing: Standing, now: datetime) -> Step | None:
    """Look for an approval in the registry that nothing in the ledger stands behind."""
    for number, package in sorted(state.packages.items()):
        version = standing.version(number)
        if package.status != APPROVED or version.approval or not package.modified:
            continue
        modified = datetime.fromisoformat(package.modified)
        if version.was_decided_by(modified):
            return SetBack(number)
        if now - modified > PATIENCE:
            why = "CloudTrail did not tell who approved it: approve it anew"
            return Record("refused", number, why, package.modified_by.label, alert=True)
    return None


def _deployment(state: State, standing: Standing, use_case: UseCase) -> Step:
    stack, deploying = state.stack, standing.deploying
    if stack.condition == "absent":
        return Rest(f"there is no stack {use_case.stack}")
    if stack.condition in {"busy", "updating"}:
        return _while_busy(stack, standing)
    if deploying:
        outcome = _outcome(state, deploying, use_case)
        if outcome:
            return outcome
    if stack.condition == "broken":
        return Rest(f"{use_case.stack} is {stack.status}: mend it first", trouble=True)
    target = find_target(state, standing, use_case)
    if target.serving is None or target.serving == stack.serving:
        settled = f"{use_case.stack} serves what it should"
        return Rest(target.why if target.serving is None else settled, trouble=target.trouble)
    resumed = deploying if deploying and serving_of(deploying) == target.serving.label else None
    return Deploy(target.serving, target.version, target.why, resumed)


def _while_busy(stack: Stack, standing: Standing) -> Step:
    """Wait for the update that runs; stop it where it is ours and its version's approval counts no more."""
    deploying = standing.deploying
    lost = deploying and deploying.version and not standing.version(deploying.version).approval
    if deploying and lost and stack.condition == "updating":
        return Cancel(deploying)
    return Rest(f"the stack is {stack.status}")


def _outcome(state: State, deploying: Entry, use_case: UseCase) -> Step | None:
    """Return how a deployment ended; None where CloudFormation never got it."""
    stack, evidence = state.stack, tuple(each for each in deploying.evidence if each.uri.startswith("serving:"))
    if stack.condition == "settled" and stack.serving.label == serving_of(deploying):
        return Record("deployed", deploying.version, deploying.why, deploying.who, evidence, about=deploying)
    if token(use_case, deploying) not in stack.tokens:
        return None
    if stack.condition == "broken":
        why = f"the stack is {stack.status}: {stack.reason or 'see its events'}"
        return Record("failed", deploying.version, why, "", evidence, about=deploying, alert=True)
    why = f"CloudFormation rolled it back: {stack.reason or stack.status}"
    return Record("rolled-back", deploying.version, why, "", evidence, about=deploying, alert=True)
