"""Which roles of a template hold a policy, and what else those roles hold."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.policies import IDENTITY_POLICY_TYPES, PolicyStatement, identity_policies
from govml.rules.template import Resource, Template
from govml.rules.values import listed

_ROLE = "AWS::IAM::Role"
_NAMED_BY = ("Roles", "RoleName", "Users", "UserName", "Groups", "GroupName")


def roles_of(policy: Resource, template: Template) -> list[Resource]:
    """Return the roles that hold a policy: the resource itself, those that it names, and those that attach it."""
    if policy.type == _ROLE:
        return [policy]
    named = [role for each in _names(policy) if (role := template.named(each, _ROLE))]
    return named + [role for role in template.of_type(_ROLE) if any(map(policy.refers_to, _attached(role)))]


def statements_beside(policy: Resource, template: Template) -> Iterator[PolicyStatement]:
    """Return the statements of all policies that the holders of a policy hold, its own among them.

    Holders of another template are told apart by the name under which both policies refer to them.
    """
    roles, names = roles_of(policy, template), {str(each) for each in _names(policy)}
    attached = [each for role in roles for each in _attached(role)]
    for other in template.of_type(*IDENTITY_POLICY_TYPES):
        held = any(role is other or any(map(role.refers_to, _names(other))) for role in roles)
        shared = names & {str(each) for each in _names(other)}
        if other is policy or held or shared or any(map(other.refers_to, attached)):
            yield from (each for _, found in identity_policies(other) for each in found)


def _names(policy: Resource) -> list[object]:
    return [] if policy.type == _ROLE else [each for name in _NAMED_BY for each in listed(policy.get(name))]


def _attached(role: Resource) -> list[object]:
    return listed(role.get("ManagedPolicyArns"))
