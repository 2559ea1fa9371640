"""`guard_roles`: boundary and path on every role of an environment, those of CDK's own providers included."""

from __future__ import annotations

import jsii
from aws_cdk import Aspects, CfnResource, IAspect, Stage
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from govml_constructs.identity.role_rules import RoleRules, boundary_arn
from govml_constructs.place import Place

_ROLE, _POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"


def guard_roles(stage: Stage, *, rules: RoleRules, place: Place) -> None:
    """Put the boundary and the path on whatever role the stage has in the end, whoever made it.

    Our own roles have both already. CDK makes roles too, behind custom resources, log retention or automatic deletion,
    and an agency's landing zone refuses a role without its boundary. Costs nothing where neither is configured.

    Args:
        stage: the environment.
        rules: path and permissions boundary.
        place: partition and account of the environment.
    """
    boundary = boundary_arn(rules, place)
    if boundary or rules.path != "/":
        Aspects.of(stage).add(_RoleGuard(boundary, rules.path))


@jsii.implements(IAspect)
class _RoleGuard:
    def __init__(self, boundary: str | None, path: str) -> None:
        self._boundary, self._path = boundary, path

    def visit(self, node: IConstruct) -> None:
        """Set boundary and path on a role, and the path on a managed policy.

        CDK's providers make their roles as plain `CfnResource`, of which only the type's name tells what they are.
        """
        if isinstance(node, iam.CfnRole | iam.CfnManagedPolicy):
            kind = _ROLE if isinstance(node, iam.CfnRole) else _POLICY
        elif type(node) is CfnResource:
            kind = node.cfn_resource_type
        else:
            return
        if kind == _ROLE and self._boundary:
            node.add_property_override("PermissionsBoundary", self._boundary)
        if kind in (_ROLE, _POLICY) and self._path != "/":
            node.add_property_override("Path", self._path)
