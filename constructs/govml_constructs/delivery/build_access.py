"""`BuildAccess`: what builds and the delivery pipeline share: the artefact store, the network, packages."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import network_interfaces, see_network, use_key
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

_REASON = (
    "EC2 names network interfaces per run, so they are held to one set of subnets; describe actions and the package log-in "
    "take no resource."
)


class BuildAccess(PlacedConstruct):
    """Two managed policies: `artefacts` (pipeline and builds) and `runtime` (builds only).

    The objects of the artefact store are not among them: the store's own policy names the roles that reach it.

    Args:
        key: key of the artefact store.
        subnet_arns: subnets in which builds may open network interfaces.
        security_group_arns: groups those interfaces may have.
        statements: further statements of builds (packages).
        rules: path of the policies.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        subnet_arns: Sequence[str],
        security_group_arns: Sequence[str],
        statements: Sequence[Statement],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        interfaces = network_interfaces(place_of(scope))
        self.artefacts = CustomerPolicy(
            self,
            "Artefacts",
            description="Key of the delivery pipeline's artefact store",
            path=rules.path,
            statements=[use_key("UseArtefactKey", [key.key_arn])],
        )
        self.runtime = CustomerPolicy(
            self,
            "Runtime",
            description="What every build needs of the network and the package repository",
            path=rules.path,
            statements=[*_interface_statements(interfaces, subnet_arns, security_group_arns), *statements],
        )
        for resource in (interfaces, "*"):
            acknowledge(
                self.runtime,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, resource),
                reason=_REASON,
                owner="platform-security",
                expires="2027-11-20",
            )


def _interface_statements(
    interfaces: str, subnet_arns: Sequence[str], security_group_arns: Sequence[str]
) -> list[Statement]:
    # CodeBuild user guide, "Allow CodeBuild access to AWS services required to create a VPC network interface"
    in_our_subnets = {"ArnEquals": {"ec2:Subnet": list(subnet_arns)}}
    return [
        Statement(
            sid="OpenInterfaces",
            actions=["ec2:CreateNetworkInterface"],
            resources=[*subnet_arns, *security_group_arns, interfaces],
        ),
        Statement(
            sid="UseInterfaces",
            actions=["ec2:CreateNetworkInterfacePermission"],
            resources=[interfaces],
            conditions={"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"}, **in_our_subnets},
        ),
        Statement(
            sid="CloseInterfaces",
            actions=["ec2:DeleteNetworkInterface"],
            resources=[interfaces],
            conditions=in_our_subnets,
        ),
        see_network(),
    ]
