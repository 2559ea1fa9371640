"""`RoleRules`: what every role of an environment has in common, and which roles exist already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Stack
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.place import Place


@dataclass(frozen=True)
class RoleRules:
    """What every role of an environment has in common.

    Args:
        path: IAM path of roles and policies, `/` or `/name/`.
        permissions_boundary: name (with path) of a managed policy in the account that bounds every role; None for none.
        imported: place of a role below its environment (`MlPlatform/TrackingRole`) -> ARN of the role to use there.
        places: filled with the place of every role, when any is imported: so that a name without a role is noticed.
    """

    path: str = "/"
    permissions_boundary: str | None = None
    imported: Mapping[str, str] = field(default_factory=dict)
    places: set[str] = field(default_factory=set, compare=False)


def boundary_arn(rules: RoleRules, place: Place) -> str | None:
    """Return the ARN of the permissions boundary, from its name alone, or None."""
    if rules.permissions_boundary is None:
        return None
    return place.arn("iam", f"policy/{rules.permissions_boundary}", region="")


def imported_role(
    role: Construct,
    rules: RoleRules,
    *,
    trust: Mapping[str, object],
    statements: Sequence[Statement],
    policies: Sequence[CustomerPolicy],
) -> str | None:
    """Return the ARN of the role to use in this place, or None where one is to be made.

    Args:
        role: the construct that stands for the role.
        rules: rules of the environment's roles.
        trust: the trust policy that the role must have; noted in the template's metadata.
        statements: what it must be allowed; noted too.
        policies: managed policies that must be attached to it; noted too.
    """
    if not rules.imported:
        return None
    name = role.node.path.split("/", 1)[1]
    rules.places.add(name)
    arn = rules.imported.get(name)
    if arn:
        wanted = {
            "Arn": arn,
            "Trust": dict(trust),
            "Statements": [statement.as_json() for statement in statements],
            "ManagedPolicies": [policy.arn for policy in policies],
        }
        Stack.of(role).add_metadata(f"ImportedRole:{name}", wanted)
    return arn
