"""`EnvironmentStack`: what the stacks of an environment have in common."""

from __future__ import annotations

import jsii
from aws_cdk import Environment, Fn, Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml_constructs.place import keep_place
from stacks.environment.context import EnvironmentContext


class EnvironmentStack(Stack):
    """A stack of one environment: explicit account and region, zones without a look-up, protected in prod.

    Args:
        context: the environment.
        description: the stack's duty, shown in the console.
    """

    def __init__(self, scope: Construct, construct_id: str, *, context: EnvironmentContext, description: str) -> None:
        self._zone_count = context.settings.network.availability_zones
        super().__init__(
            scope,
            construct_id,
            description=description,
            env=Environment(account=context.environment.account, region=context.settings.region),
            termination_protection=context.environment_name == "prod",
        )
        self.context = context
        self.place = keep_place(self, region=context.settings.region, account=context.environment.account)

    # For an explicit account CDK looks its zones up, which needs credentials; CloudFormation picks them just as well.
    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        """The account's first zones, chosen at deploy time."""
        return [Fn.select(index, Fn.get_azs()) for index in range(self._zone_count)]

    def publish(self, construct_id: str, name: str, value: str) -> None:
        """Write a value that other stages and tools read by a name from `Names`."""
        ssm.CfnParameter(self, construct_id, name=name, type="String", value=value)
