"""`DomainFirewall`: AWS Network Firewall that lets TLS to named domains pass and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Fn
from aws_cdk import aws_networkfirewall as firewall
from constructs import Construct

from govml_constructs.monitoring.delivered_logs import allow_delivery
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.firewall_rules import STRICT, domain_rules, packet_rules
from govml_constructs.place import PlacedConstruct


@dataclass(frozen=True)
class FirewallLogs:
    """Where the firewall logs.

    Args:
        alerts: what was dropped, and why.
        flows: every connection.
    """

    alerts: EncryptedLogGroup
    flows: EncryptedLogGroup


class DomainFirewall(PlacedConstruct):
    """One firewall a zone, all with the same policy.

    CloudFormation gives a firewall's endpoints as a list in no promised order (`EndpointIds`), so a firewall over several
    zones could send one zone's traffic through another. With one zone each, the list has one entry.

    Args:
        name: prefix of the physical names.
        vpc_id: the VPC.
        subnet_ids: the firewall subnets, one a zone; nothing else stands in them.
        allowed_domains: domains by TLS server name or HTTP host; `.example.org` stands for itself and its subdomains.
        logs: its log groups.
        protect: refuse the deletion of the firewalls; False where the environment may be torn down.

    Attributes:
        endpoint_ids: one endpoint a zone.
        names: names of the firewalls, one a zone.

    Controls: only TCP to or from port 443 is looked at, the rest is dropped; strict order, established connections are
    dropped unless their domain is on the list; broken streams are dropped; alerts and flows are logged.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        allowed_domains: Sequence[str],
        logs: FirewallLogs,
        protect: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        policy = self._policy(name, allowed_domains)
        written = allow_delivery(self, name=f"{name}-firewall-logs", what="Firewall", groups=[logs.alerts, logs.flows])
        self.endpoint_ids: list[str] = []
        self.names = [f"{name}-{number}" for number, _ in enumerate(subnet_ids, 1)]
        for number, subnet_id in enumerate(subnet_ids, 1):
            wall = firewall.CfnFirewall(
                self,
                f"Zone{number}",
                firewall_name=f"{name}-{number}",
                firewall_policy_arn=policy.attr_firewall_policy_arn,
                vpc_id=vpc_id,
                subnet_mappings=[firewall.CfnFirewall.SubnetMappingProperty(subnet_id=subnet_id)],
                delete_protection=protect,
                subnet_change_protection=protect,
            )
            logging = self._log(number, wall, logs)
            logging.add_resource_dependency(written)
            # `ap-southeast-1a:vpce-0123...`
            self.endpoint_ids.append(Fn.select(1, Fn.split(":", Fn.select(0, wall.attr_endpoint_ids))))

    def _policy(self, name: str, allowed_domains: Sequence[str]) -> firewall.CfnFirewallPolicy:
        cfn = firewall.CfnFirewallPolicy
        return cfn(
            self,
            "Policy",
            firewall_policy_name=name,
            firewall_policy=cfn.FirewallPolicyProperty(
                stateless_default_actions=["aws:drop"],
                stateless_fragment_default_actions=["aws:drop"],
                stateless_rule_group_references=[
                    cfn.StatelessRuleGroupReferenceProperty(
                        resource_arn=packet_rules(self, f"{name}-packets").attr_rule_group_arn, priority=1
                    )
                ],
                # The handshake must pass before the server name can be read; whatever is not passed by then is dropped.
                stateful_default_actions=["aws:drop_established", "aws:alert_established"],
                stateful_engine_options=cfn.StatefulEngineOptionsProperty(
                    rule_order=STRICT, stream_exception_policy="DROP"
                ),
                stateful_rule_group_references=[
                    cfn.StatefulRuleGroupReferenceProperty(
                        resource_arn=domain_rules(self, f"{name}-domains", allowed_domains).attr_rule_group_arn,
                        priority=1,
                    )
                ],
            ),
        )

    def _log(self, number: int, wall: firewall.CfnFirewall, logs: FirewallLogs) -> firewall.CfnLoggingConfiguration:
        cfn = firewall.CfnLoggingConfiguration
        return cfn(
            self,
            f"Logging{number}",
            firewall_arn=wall.attr_firewall_arn,
            logging_configuration=cfn.LoggingConfigurationProperty(
                log_destination_configs=[
                    cfn.LogDestinationConfigProperty(
                        log_type=kind,
                        log_destination_type="CloudWatchLogs",
                        log_destination={"logGroup": group.log_group_name},
                    )
                    for kind, group in (("ALERT", logs.alerts), ("FLOW", logs.flows))
                ]
            ),
        )
