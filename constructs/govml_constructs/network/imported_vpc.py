"""`ImportedVpc`: a VPC that somebody else owns, by id."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.flow_log import log_flows
from govml_constructs.place import PlacedConstruct


class ImportedVpc(PlacedConstruct):
    """Nothing is made in it or looked up, but for flow logs where its owner wants us to keep them.

    Args:
        vpc_id: the VPC.
        subnet_ids: its private subnets, one a zone.
        zones: the zones of the subnets, in the same order.
        rules: rules of the flow-log role.
        flow_logs: log group that receives all flows; None: the owner logs them.

    Controls: a synth without look-up or credentials; flow logs where asked for.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        subnet_ids: Sequence[str],
        zones: Sequence[str],
        rules: RoleRules,
        flow_logs: EncryptedLogGroup | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        # The subnets stay out of CDK's object: it would warn that it does not know their route tables, which we never touch.
        self.vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=vpc_id, availability_zones=list(zones))
        self.subnet_ids = list(subnet_ids)
        if flow_logs is not None:
            log_flows(self, vpc_id=vpc_id, log_group=flow_logs, rules=rules)
