"""The bootstrap kit of one account: the execution policies of all environments in it, and the bootstrap command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from govml.bootstrap.assembly import StackArtifact
from govml.bootstrap.documents import documents
from govml.bootstrap.iam_statements import POLICY_PATH, Statement
from govml.bootstrap.place import Target, target
from govml.bootstrap.policy import statements
from govml.errors import UserError
from govml.settings import Settings
from govml.settings.bootstrap import CDK_QUALIFIER


@dataclass(frozen=True)
class ManagedPolicy:
    """One managed policy of the execution role.

    Args:
        name: policy name.
        arn: its ARN.
        document: policy document.
    """

    name: str
    arn: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Kit:
    """What prepares one account.

    Args:
        account: 12-digit account id.
        region: region.
        environments: the environments that are deployed into the account.
        policies: managed policies of the execution role.
        arguments: arguments of `cdk`, as in `["bootstrap", "aws://...", ...]`.
        qualifier: bootstrap qualifier.
        permissions_boundary: name of the boundary that has to exist, or None.
    """

    account: str
    region: str
    environments: tuple[str, ...]
    policies: tuple[ManagedPolicy, ...]
    arguments: tuple[str, ...]
    qualifier: str
    permissions_boundary: str | None


def environments_of(settings: Settings, environment: str | None) -> list[list[str]]:
    """Return the environments, grouped by account: one account is bootstrapped once for all that it holds.

    Args:
        settings: the agency file.
        environment: one environment, whose whole account is meant, or None for all accounts.

    Raises:
        UserError: the file has no such environment.
    """
    wanted = settings.environment(environment).account if environment else None
    groups: dict[str, list[str]] = {}
    for name, each in settings.environments.items():
        if wanted in (None, each.account):
            groups.setdefault(each.account, []).append(name)
    return list(groups.values())


def kit(
    settings: Settings, stacks: Sequence[StackArtifact], environments: Sequence[str], *, asset_bucket: str | None = None
) -> Kit:
    """Return the kit of one account.

    Args:
        settings: the agency file.
        stacks: synthesised stacks of (at least) these environments.
        environments: environments of one account.
        asset_bucket: bucket with published code; default: that of `cdk bootstrap`.

    Raises:
        UserError: the stacks lack an environment, a type is unknown, a role lacks the boundary, or the policy is too long.
    """
    found: list[Statement] = []
    for name in environments:
        place = target(settings, name, asset_bucket=asset_bucket)
        own = [stack for stack in stacks if stack.environment == place.prefix]
        if not own:
            raise UserError(
                f"the assembly holds no stack of {place.prefix}",
                hint="synthesise the agency file for all environments (without --environment)",
            )
        found += _named(statements(own, place), name if len(environments) > 1 else "")
    place = target(settings, environments[0], asset_bucket=asset_bucket)
    group = settings.agency if len(environments) > 1 else place.prefix
    policies = []
    for number, document in enumerate(documents(_distinct(found)), start=1):
        policy = f"{group}-execution-{number}"
        policies.append(ManagedPolicy(policy, place.policy_arn(policy, path=POLICY_PATH), document))
    return Kit(
        account=place.account,
        region=place.region,
        environments=tuple(environments),
        policies=tuple(policies),
        arguments=tuple(_arguments(settings, place, environments, [policy.arn for policy in policies])),
        qualifier=place.qualifier,
        permissions_boundary=place.permissions_boundary,
    )


def _arguments(settings: Settings, place: Target, environments: Sequence[str], policies: Sequence[str]) -> list[str]:
    bootstrap = settings.bootstrap
    arguments = ["bootstrap", f"aws://{place.account}/{place.region}", "--qualifier", place.qualifier]
    if place.qualifier != CDK_QUALIFIER:
        arguments += ["--toolkit-stack-name", f"CDKToolkit-{place.qualifier}"]
    for arn in policies:
        arguments += ["--cloudformation-execution-policies", arn]
    if place.permissions_boundary:
        arguments += ["--custom-permissions-boundary", place.permissions_boundary]
        arguments += ["--apply-permissions-boundary-to-all-roles"]
    if bootstrap.kms_key == "new":
        arguments += ["--bootstrap-customer-key"]
    elif bootstrap.kms_key:
        arguments += ["--bootstrap-kms-key-id", bootstrap.kms_key]
    if bootstrap.trusted_account and bootstrap.trusted_account != place.account:
        arguments += ["--trust", bootstrap.trusted_account]
    tags = {
        "Project-Code": settings.project_code,
        "Environment": environments[0] if len(environments) == 1 else "shared",
        "Agency": settings.agency,
        "Data-Classification": settings.data_classification,
    }
    for key, value in tags.items():
        arguments += ["--tags", f"{key}={value}"]
    return [*arguments, "--termination-protection"]


def _named(found: list[Statement], environment: str) -> list[Statement]:
    """Statement ids that stay unique when several environments share a document."""
    return [{**statement, "Sid": f"{environment.capitalize()}{statement['Sid']}"} for statement in found]


def _distinct(found: list[Statement]) -> list[Statement]:
    """Leave out statements that say the same as an earlier one."""
    seen: dict[str, Statement] = {}
    for statement in found:
        text = json.dumps({key: value for key, value in statement.items() if key != "Sid"}, sort_keys=True)
        seen.setdefault(text, statement)
    return list(seen.values())
