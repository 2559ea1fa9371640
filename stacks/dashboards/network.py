"""What the network's page shows: endpoints, the way out if there is one, and what was turned away."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph, LogTable, search
from govml_constructs.network.filtered_egress import FilteredEgress

_ENDPOINTS = ("AWS/PrivateLinkEndpoints", "Endpoint Type", "Service Name", "VPC Endpoint Id", "VPC Id")
_GATEWAYS = "AWS/NATGateway"
_WALLS = ("AWS/NetworkFirewall", "AvailabilityZone", "Engine", "FirewallName")
_PERIOD = 300


def endpoint_graphs(vpc_id: str) -> list[Graph]:
    """Return the graphs of a VPC's interface endpoints, a line for each."""
    return [
        Graph(
            title=title,
            metrics=[search(_ENDPOINTS, metric, statistic, _PERIOD, VPC_Id=vpc_id)],
            statistic=statistic,
            period_seconds=_PERIOD,
        )
        for title, metric, statistic in (
            ("Bytes through the endpoints", "BytesProcessed", "Sum"),
            ("Open connections to the endpoints", "ActiveConnections", "Maximum"),
            ("Packets that the endpoints dropped", "PacketsDropped", "Sum"),
            ("Connections that services broke off", "RstPacketsReceived", "Sum"),
        )
    ]


def egress_graphs(egress: FilteredEgress) -> list[Graph]:
    """Return the graphs of the filtered way out: gateways and firewalls of all zones."""

    def gateways(*metrics: str) -> list[list[str]]:
        return [[_GATEWAYS, metric, "NatGatewayId", each] for each in egress.nat_gateway_ids for metric in metrics]

    dropped = [
        search(_WALLS, metric, "Sum", _PERIOD, FirewallName=name)
        for name in egress.firewall.names
        for metric in ("DroppedPackets", "PassedPackets")
    ]
    return [
        Graph(title="Bytes out of the network", metrics=gateways("BytesOutToDestination")),
        Graph(
            title="Packets lost in the gateways, and ports that ran out",
            metrics=gateways("PacketsDropCount", "ErrorPortAllocation"),
        ),
        Graph(title="Packets that the firewalls dropped and passed", metrics=dropped),
    ]


def rejected_flows(log_groups: Sequence[str]) -> list[LogTable]:
    """Return the table of turned-away connections; none without flow logs.

    CloudWatch Logs knows the fields of flow logs in their default format by itself (CloudWatch Logs user guide, "Supported
    logs and discovered fields").
    """
    lines = [
        'filter action = "REJECT"',
        "stats count(*) as flows, sum(packets) as lost by srcAddr, dstAddr, dstPort, protocol",
        "sort flows desc",
        "limit 20",
    ]
    return [LogTable("Connections that were turned away", log_groups, lines)] if log_groups else []
