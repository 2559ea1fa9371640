"""Deny statements that refuse requests without TLS, and the ways in which such a statement is weaker than it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from govml.rules.access import everybody
from govml.rules.policies import PolicyStatement, matches

_KEY = "aws:securetransport"


def about_tls(statement: PolicyStatement) -> bool:
    """Return whether a statement asks whether a request came by TLS."""
    return any(key.lower() == _KEY for _, key, _ in statement.operators)


def _exact(statement: PolicyStatement) -> bool:
    """Return whether a statement's only condition is that the request came without TLS."""
    if len(statement.operators) != 1:
        return False
    operator, key, values = statement.operators[0]
    return (
        operator in {"Bool", "BoolIfExists"} and key.lower() == _KEY and [each.lower() for each in values] == ["false"]
    )


def refusals(statements: Iterable[PolicyStatement], probes: Sequence[str]) -> Iterator[PolicyStatement]:
    """Return the statements that refuse an action to everybody who comes without TLS.

    Args:
        statements: of one resource's policies.
        probes: actions that such a statement must all cover; `s3:AnyAction` is covered by one about all actions only.
    """
    for each in statements:
        covers = all(any(matches(pattern, probe) for pattern in each.actions) for probe in probes)
        if not each.allow and everybody(each) and not each.not_principals and covers and _exact(each):
            yield each


def tls_gap(
    statements: Sequence[PolicyStatement],
    probes: Sequence[str],
    covered: Callable[[Sequence[str]], bool] = lambda _: True,
) -> str | None:
    """Return why the statements let a request in without TLS, or None when they let none in.

    Args:
        statements: of all policies of one resource.
        probes: see `refusals`.
        covered: whether the resources of the refusals, taken together, are all of the resource.
    """
    good = list(refusals(statements, probes))
    resources = [resource for each in good for resource in each.resources]
    if good and covered(resources):
        return None
    if good:
        return f"refuses requests without TLS only on {', '.join(resources) or 'nothing'}"
    weak = next((each for each in statements if about_tls(each)), None)
    if weak is None:
        return "does not refuse requests without TLS"
    return f"statement {weak.sid} {_weakness(weak)}"


def _weakness(statement: PolicyStatement) -> str:
    if statement.allow:
        return "allows by aws:SecureTransport, which refuses nothing: make it a Deny"
    if not everybody(statement) or statement.not_principals:
        return "refuses requests without TLS to some principals only: make it `*`"
    if not _exact(statement):
        return "must have the one condition Bool aws:SecureTransport false"
    return f"refuses {', '.join(statement.actions)} only: refuse every action"
