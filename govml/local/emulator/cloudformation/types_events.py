"""API destinations, which MiniStack serves and its CloudFormation engine lacks."""

from __future__ import annotations

from govml.local.emulator.cloudformation.spec import ApiType, Properties, Tier

# AWS adds a generated part to the ARN of a connection, and CloudFormation asks for it; MiniStack has none.
_GENERATED = "/local"


def destination_request(properties: Properties) -> Properties:
    """Name the connection as MiniStack knows it."""
    return {**properties, "ConnectionArn": str(properties["ConnectionArn"]).removesuffix(_GENERATED)}


EVENTS: dict[str, ApiType] = {
    "AWS::Events::Connection": ApiType(
        Tier.BACKED,
        "MiniStack",
        "events",
        "create_connection",
        "describe_connection",
        "delete_connection",
        key={"Name": "request.Name"},
        ref="request.Name",
        attributes={"Arn": f"join('', [response.ConnectionArn, '{_GENERATED}'])"},
        update="update_connection",
        name="Name",
    ),
    "AWS::Events::ApiDestination": ApiType(
        Tier.BACKED,
        "MiniStack",
        "events",
        "create_api_destination",
        "describe_api_destination",
        "delete_api_destination",
        key={"Name": "request.Name"},
        ref="request.Name",
        attributes={"Arn": "response.ApiDestinationArn"},
        update="update_api_destination",
        name="Name",
        request=destination_request,
        unreadable=("ConnectionArn",),
    ),
}
