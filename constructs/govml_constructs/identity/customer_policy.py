"""`CustomerPolicy`: a customer-managed IAM policy, and the statements it is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aws_cdk import aws_iam as iam
from constructs import Construct

from govml_constructs.place import PlacedConstruct, pseudo_parameters
from govml_constructs.substitution import as_substitutions

# IAM user guide, "IAM and AWS STS quotas": 6,144 characters of a managed policy; the frame around the statements takes some.
_MOST_CHARACTERS = 6_000
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
# What only the deployment knows is taken for an ARN of a key, which is longer than the names of buckets and queues.
_ARN_OF_A_KEY = "x" * 76
_PARTITION, _REGION, _ACCOUNT = "x" * 10, "x" * 14, "x" * 12  # `aws-us-gov`, `ap-southeast-1`; twelve digits


@dataclass(frozen=True)
class Statement:
    """One statement of an identity policy, in IAM's own terms.

    Plain data on purpose: a CDK `PolicyStatement` costs a call across the process border for each, and a platform has
    hundreds.

    Args:
        sid: what the statement is for, in PascalCase.
        actions: exact actions.
        resources: ARNs (may hold CDK tokens).
        not_resources: instead of `resources`, for a deny of everything else.
        conditions: operator -> key -> values.
        effect: `Allow` or `Deny`.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ()
    not_resources: Sequence[str] = ()
    conditions: Mapping[str, Mapping[str, object]] | None = None
    effect: Literal["Allow", "Deny"] = "Allow"

    def as_json(self) -> dict[str, object]:
        """Return the statement as IAM writes it.

        Raises:
            ValueError: neither or both of `resources` and `not_resources` are given, or there is no action.
        """
        if bool(self.resources) == bool(self.not_resources) or not self.actions:
            raise ValueError(f"statement {self.sid}: give actions, and either resources or not_resources")
        statement: dict[str, object] = {"Sid": self.sid, "Effect": self.effect, "Action": list(self.actions)}
        statement["Resource" if self.resources else "NotResource"] = list(self.resources or self.not_resources)
        if self.conditions:
            statement["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return statement


def in_policies(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Return the statements by policy, in their order: as many policies as IAM's quota makes of them, mostly one.

    Args:
        statements: the statements; one that is too long alone is cut between its resources.
    """
    made: list[list[Statement]] = []
    room = 0
    for statement in statements:
        for part in _parts(statement):
            weight = _characters(part)
            if not made or weight > room:
                made.append([])
                room = _MOST_CHARACTERS
            made[-1].append(part)
            room -= weight
    return made


def _parts(statement: Statement) -> Iterator[Statement]:
    if _characters(statement) <= _MOST_CHARACTERS or len(statement.resources) < 2:
        yield statement
        return
    half = len(statement.resources) // 2
    for name, resources in (("", statement.resources[:half]), ("More", statement.resources[half:])):
        yield from _parts(replace(statement, sid=f"{statement.sid}{name}", resources=resources))


def _characters(statement: Statement) -> int:
    text = json.dumps(statement.as_json(), separators=(",", ":"))
    for token, longest in zip(pseudo_parameters(), (_PARTITION, _REGION, _ACCOUNT), strict=True):
        text = text.replace(token, longest)
    return len(_TOKEN.sub(_ARN_OF_A_KEY, text).replace(" ", "")) + 1


class CustomerPolicy(PlacedConstruct):
    """A managed policy of the account.

    Args:
        description: what it allows.
        path: IAM path.
        statements: its statements.
        role_names: roles of earlier stacks that it is attached to from here; others name it themselves.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        path: str,
        statements: Sequence[Statement],
        role_names: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = iam.CfnManagedPolicy(
            self,
            "Resource",
            description=description,
            path=path,
            roles=list(role_names) or None,
            policy_document={
                "Version": "2012-10-17",
                "Statement": [as_substitutions(statement.as_json()) for statement in statements],
            },
        )
        self.arn = self.resource.ref
