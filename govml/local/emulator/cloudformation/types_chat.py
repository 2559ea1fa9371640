"""Channels of chats, recorded only: nothing leaves the local account."""

from __future__ import annotations

from govml.local.emulator.cloudformation.requests import chat_request
from govml.local.emulator.cloudformation.spec import ApiType, Tier

_ARN = "response.ChannelConfiguration.ChatConfigurationArn"


def _channel(kind: str, read: str) -> ApiType:
    return ApiType(
        Tier.RECORDED,
        "recorded",
        "chatbot",
        f"create_{kind}_channel_configuration",
        read,
        f"delete_{kind}_channel_configuration",
        key={"ChatConfigurationArn": _ARN},
        ref=_ARN,
        attributes={"Arn": _ARN},
        update=f"update_{kind}_channel_configuration",
        request=chat_request,
        renamed={
            "SlackWorkspaceId": ("SlackTeamId",),
            "TeamsTenantId": ("TenantId",),
            "TeamsChannelId": ("ChannelId",),
            "GuardrailPolicies": ("GuardrailPolicyArns",),
            "UserRoleRequired": ("UserAuthorizationRequired",),
        },
    )


CHAT: dict[str, ApiType] = {
    "AWS::Chatbot::SlackChannelConfiguration": _channel("slack", "describe_slack_channel_configurations"),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": _channel(
        "microsoft_teams", "get_microsoft_teams_channel_configuration"
    ),
}
