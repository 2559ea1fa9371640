"""The two rule groups of the firewall: which packets are looked at, and which domains may be reached."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_networkfirewall as firewall
from constructs import Construct

STRICT = "STRICT_ORDER"
"""Rules are evaluated in the order of their priority, and the policy's default action decides on the rest."""

_TCP, _HTTPS = 6, 443
# Of a rule group, once and for all: a change replaces the group. A domain costs one unit for each of the two protocols.
_DOMAIN_CAPACITY = 500
_PACKET_CAPACITY = 10


def domain_rules(scope: Construct, name: str, allowed_domains: Sequence[str]) -> firewall.CfnRuleGroup:
    """Return the group that lets TLS and HTTP to the domains pass, in strict order.

    Args:
        scope: the construct that gets the group, as `Domains`.
        name: its physical name.
        allowed_domains: the domains.
    """
    cfn = firewall.CfnRuleGroup
    return cfn(
        scope,
        "Domains",
        rule_group_name=name,
        type="STATEFUL",
        capacity=_DOMAIN_CAPACITY,
        rule_group=cfn.RuleGroupProperty(
            stateful_rule_options=cfn.StatefulRuleOptionsProperty(rule_order=STRICT),
            rules_source=cfn.RulesSourceProperty(
                rules_source_list=cfn.RulesSourceListProperty(
                    generated_rules_type="ALLOWLIST",
                    target_types=["TLS_SNI", "HTTP_HOST"],
                    targets=list(allowed_domains),
                )
            ),
        ),
    )


def packet_rules(scope: Construct, name: str) -> firewall.CfnRuleGroup:
    """Return the group that hands on TCP to port 443 and back; the policy drops the rest.

    Without it a datagram would pass: what is dropped later is an established connection, and it makes none.

    Args:
        scope: the construct that gets the group, as `Packets`.
        name: its physical name.
    """
    cfn = firewall.CfnRuleGroup
    port = [cfn.PortRangeProperty(from_port=_HTTPS, to_port=_HTTPS)]
    matches = [
        cfn.MatchAttributesProperty(protocols=[_TCP], destination_ports=port),
        cfn.MatchAttributesProperty(protocols=[_TCP], source_ports=port),
    ]
    rules = [
        cfn.StatelessRuleProperty(
            priority=priority,
            rule_definition=cfn.RuleDefinitionProperty(actions=["aws:forward_to_sfe"], match_attributes=match),
        )
        for priority, match in enumerate(matches, 1)
    ]
    return cfn(
        scope,
        "Packets",
        rule_group_name=name,
        type="STATELESS",
        capacity=_PACKET_CAPACITY,
        rule_group=cfn.RuleGroupProperty(
            rules_source=cfn.RulesSourceProperty(
                stateless_rules_and_custom_actions=cfn.StatelessRulesAndCustomActionsProperty(stateless_rules=rules)
            )
        ),
    )
