"""`FunctionNetworkPolicy`: lets Lambda stand functions into a VPC, written once for all of them."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge

# Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", "Required IAM permissions".
_MAKE = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
_LOOK = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")


class FunctionNetworkPolicy(PlacedConstruct):
    """The right to make interfaces in one VPC: for Lambda, and not for a function's code, whose calls carry its ARN.

    Args:
        vpc_id: the VPC.
        rules: path of the policy.

    Attributes:
        policy: the roles of functions in the VPC have it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc_id: str, rules: RoleRules) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        in_vpc = {"ArnEquals": {"ec2:Vpc": place.arn("ec2", f"vpc/{vpc_id}")}}
        own_code = {"ArnLike": {"lambda:SourceFunctionArn": place.arn("lambda", "function:*")}}
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Interfaces of functions that stand in the VPC",
            path=rules.path,
            statements=[
                Statement(sid="StandInVpc", actions=_MAKE, resources=["*"], conditions=in_vpc),
                Statement(sid="SeeInterfaces", actions=_LOOK, resources=["*"]),
                Statement(
                    sid="CodeMakesNone", actions=[*_MAKE, *_LOOK], resources=["*"], conditions=own_code, effect="Deny"
                ),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5",
            finding="Resource::*",
            reason=(
                "Lambda makes the interfaces by which functions stand in the VPC, in this VPC only; EC2 takes no "
                "narrower resource for looking at interfaces, and a deny keeps a function's own code from using any of it."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
