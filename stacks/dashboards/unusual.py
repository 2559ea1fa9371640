"""Alarms on what has no limit of its own and is known by what is usual: tokens of models, bytes out of the network."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.monitoring.usual_band_alarm import UsualBandAlarm
from govml_constructs.pascal import pascal

# Standard deviations to each side: an office's day and week stay inside, a runaway client or a copied bucket does not.
_WIDTH = 5


def watch_tokens(scope: Construct, models: Sequence[str], *, prefix: str, topic: sns.ITopic) -> None:
    """Tell when a model writes far more or fewer tokens than usual at this hour of the week, for an hour.

    Args:
        scope: the stack of the models.
        models: their ids.
        prefix: prefix of the alarms' names.
        topic: where it is told.
    """
    for model in models:
        word = pascal(model)
        UsualBandAlarm(
            scope,
            f"Tokens{word}",
            name=f"{prefix}-UnusualTokens{word}",
            description=f"Foundation model {model} has written far more or fewer tokens than usual for an hour.",
            namespace="AWS/Bedrock",
            metric="OutputTokenCount",
            dimensions={"ModelId": model},
            width=_WIDTH,
            severity="ticket",
            owner="platform engineer",
            runbook="docs/operations/foundation-models.md",
            topic=topic,
            condition=None,
        )


def watch_way_out(scope: Construct, gateways: Sequence[str], *, prefix: str, topic: sns.ITopic) -> None:
    """Tell when far more or fewer bytes leave the network than usual, for an hour.

    Args:
        scope: the stack of the network.
        gateways: ids of the NAT gateways, one a zone.
        prefix: prefix of the alarms' names.
        topic: where it is told.
    """
    for number, gateway in enumerate(gateways, 1):
        UsualBandAlarm(
            scope,
            f"WayOut{number}",
            name=f"{prefix}-UnusualWayOut{number}",
            description="Far more or fewer bytes than usual have left the network through a NAT gateway for an hour.",
            namespace="AWS/NATGateway",
            metric="BytesOutToDestination",
            dimensions={"NatGatewayId": gateway},
            width=_WIDTH,
            severity="page",
            owner="platform engineer",
            runbook="docs/operations/network.md",
            topic=topic,
            condition=None,
        )
