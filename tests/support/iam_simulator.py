"""A small IAM policy evaluator: enough of IAM's documented logic to ask a policy a question, not read its text.

It knows what the constructs write: allow and deny, actions and resources with wildcards, `NotResource`, policy
variables, and the condition operators below; anything else raises, so that no condition is passed over in silence.
(IAM user guide, "Policy evaluation logic", "IAM JSON policy elements".)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import translate
from functools import lru_cache
from typing import Any

Policy = Mapping[str, Any]
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        action: as in `s3:GetObject`.
        resource: full ARN.
        context: condition keys of the request; a key that is left out is absent from it.
        principal: `"*"`-matched caller: an ARN, or a service principal.
    """

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    principal: str = "arn:aws:iam::123456789012:role/someone"

    def values(self, key: str) -> list[str]:
        """Return the values of a condition key, none when it is absent; keys know no case."""
        for name, value in self.context.items():
            if name.lower() == key.lower():
                return [value] if isinstance(value, str) else list(value)
        return []


def decide(policies: Iterable[Policy], request: Request) -> str:
    """Return `denied` (a deny matches), `allowed`, or `not allowed` (nothing matches), in IAM's order."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in _listed(policy["Statement"])
        if _applies(statement, request)
    }
    return "denied" if "Deny" in effects else "allowed" if "Allow" in effects else "not allowed"


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    known = {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"}
    if set(statement) - known:
        raise NotImplementedError(f"no rule for {set(statement) - known}")
    if "Principal" in statement and not _is_principal(statement["Principal"], request.principal):
        return False
    if not any(_like(request.action.lower(), action.lower()) for action in _listed(statement["Action"])):
        return False
    if "NotResource" in statement:
        resource = not _names(statement["NotResource"], request)
    elif "Resource" in statement:
        resource = _names(statement["Resource"], request)
    else:
        resource = True  # a trust policy: the role itself
    return resource and all(
        _holds(operator, key, values, request)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _names(patterns: Any, request: Request) -> bool:
    filled = [_fill(pattern, request) for pattern in _listed(patterns)]
    return any(pattern is not None and _like(request.resource, pattern) for pattern in filled)


def _fill(pattern: Any, request: Request) -> str | None:
    """Fill policy variables; an absent one makes the pattern match nothing."""
    text = str(pattern).lower() if isinstance(pattern, bool) else str(pattern)
    for variable in _VARIABLE.findall(text):
        values = request.values(variable)
        if len(values) != 1:
            return None
        text = text.replace(f"${{{variable}}}", values[0])
    return text


def _holds(operator: str, key: str, values: Any, request: Request) -> bool:
    given = request.values(key)
    wanted = [text for value in _listed(values) if (text := _fill(value, request)) is not None]
    if operator == "Null":
        return (not given) == (wanted == ["true"])
    if operator.startswith("ForAllValues:"):  # true for a key that the request lacks, as IAM documents it
        each = operator.removeprefix("ForAllValues:")
        return all(_holds(each, key, values, replace(request, context={key: value})) for value in given)
    base = operator.removesuffix("IfExists")
    if base not in _OPERATORS:
        raise NotImplementedError(f"no rule for the condition operator {operator}")
    if not given:
        # a negated operator is true for a key that the request lacks; the others are false, unless they say IfExists
        return base in _NEGATED or operator != base
    positive = any(_OPERATORS[base](value, pattern) for value in given for pattern in wanted)
    return positive != (base in _NEGATED)


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(translate(text.replace("[", "[[]")))


def _like(value: str, pattern: str) -> bool:
    return _pattern(pattern).match(value) is not None


_OPERATORS = {
    "StringEquals": str.__eq__,
    "StringNotEquals": str.__eq__,
    "StringLike": _like,
    "StringNotLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "ArnNotLike": _like,
    "Bool": lambda value, pattern: value.lower() == pattern.lower(),
    "NumericLessThan": lambda value, pattern: float(value) < float(pattern),
}
_NEGATED = {"StringNotEquals", "StringNotLike", "ArnNotLike"}


def _is_principal(principal: Any, caller: str) -> bool:
    if principal == "*":
        return True
    for kind, names in principal.items():
        for name in _listed(names):
            if name in {"*", caller}:
                return True
            account = re.fullmatch(r"arn:aws:iam::(\d{12}):root", name)
            if kind == "AWS" and account and f"::{account[1]}:" in caller:
                return True
    return False


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
