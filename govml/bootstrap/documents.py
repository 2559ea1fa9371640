"""Statements as managed policies within IAM's limits (IAM user guide, "IAM and AWS STS quotas")."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from govml.bootstrap.iam_statements import Statement
from govml.errors import UserError

MOST_CHARACTERS = 6144
"""Size of a managed policy; IAM does not count white space."""

MOST_POLICIES = 10
"""Managed policies of a role before the quota is raised; 20 at most."""

RAISED_POLICIES = 20


def size(document: dict[str, Any]) -> int:
    """Return the number of characters that IAM counts."""
    return len(re.sub(r"\s", "", json.dumps(document)))


def documents(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Return as few documents as the statements fill, first come first served.

    Raises:
        UserError: they need more policies than a role can have.
    """
    made: list[dict[str, Any]] = []
    for statement in statements:
        for part in _parts(statement):
            home = next((each for each in made if size(_with(each, part)) <= MOST_CHARACTERS), None)
            if home is None:
                made.append(_document([part]))
            else:
                home["Statement"].append(part)
    if len(made) > RAISED_POLICIES:
        raise UserError(
            f"the execution policy needs {len(made)} managed policies; a role can have {RAISED_POLICIES} at most",
            hint="give fewer environments or components to one bootstrap, each with a qualifier of its own",
        )
    return made


def _document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _with(document: dict[str, Any], statement: Statement) -> dict[str, Any]:
    return _document([*document["Statement"], statement])


def _parts(statement: Statement) -> Iterator[Statement]:
    """Cut a statement that is too long for a policy of its own, between its actions."""
    if size(_document([statement])) <= MOST_CHARACTERS:
        yield statement
        return
    actions = statement["Action"]
    if len(actions) < 2:
        raise UserError(
            f"statement {statement['Sid']} is too long for a managed policy: it lists too many resources",
            hint="give the resources names that start with the environment's prefix",
        )
    half = len(actions) // 2
    for number, part in enumerate((actions[:half], actions[half:]), start=1):
        yield from _parts({**statement, "Sid": f"{statement['Sid']}{number}", "Action": part})
