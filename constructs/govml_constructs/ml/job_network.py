"""`JobNetworkPolicy`: how jobs and endpoints reach a network, and the calls of theirs that take no resource."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import network_interfaces, see_network
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class JobNetworkPolicy(PlacedConstruct):
    """Written once for every job and endpoint of a set of subnets: network interfaces, metrics, the log-in to ECR.

    Args:
        subnet_arns: subnets in which jobs may open network interfaces.
        security_group_arns: groups those interfaces may have.
        rules: path of the policy.

    Source: Amazon SageMaker developer guide, "SageMaker AI roles", the rights of a role whose jobs run in a VPC.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        subnet_arns: Sequence[str],
        security_group_arns: Sequence[str],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        interfaces = network_interfaces(place_of(scope))
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="The network, metrics and registry log-in of jobs and endpoints",
            path=rules.path,
            statements=[
                Statement(
                    sid="PutJobMetrics",
                    actions=["cloudwatch:PutMetricData"],
                    resources=["*"],
                    # Model Monitor's namespace is written with and without its first slash in AWS's own pages.
                    conditions={
                        "StringLike": {
                            "cloudwatch:namespace": [
                                "/aws/sagemaker/*",
                                "aws/sagemaker/Endpoints/data-metrics",
                                "GovML/*",
                            ]
                        }
                    },
                ),
                Statement(sid="LogInToEcr", actions=["ecr:GetAuthorizationToken"], resources=["*"]),
                Statement(
                    sid="OpenInterfaces",
                    actions=["ec2:CreateNetworkInterface"],
                    resources=[*subnet_arns, *security_group_arns, interfaces],
                ),
                Statement(
                    sid="LetSageMakerUseInterfaces",
                    actions=["ec2:CreateNetworkInterfacePermission"],
                    resources=[interfaces],
                    conditions={
                        "StringEquals": {"ec2:AuthorizedService": "sagemaker.amazonaws.com"},
                        "ArnEquals": {"ec2:Subnet": list(subnet_arns)},
                    },
                ),
                Statement(
                    sid="CloseInterfaces",
                    actions=["ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
                    resources=[interfaces],
                    conditions={"ArnEquals": {"ec2:Subnet": list(subnet_arns)}},
                ),
                see_network(),
            ],
        )
        for resource in ("*", interfaces):
            acknowledge(
                self.policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, resource),
                reason=(
                    "EC2 names network interfaces itself, and the describe, metric and ECR log-in actions take no "
                    "resource; interfaces are held to the platform's subnets, metrics to its namespaces."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
