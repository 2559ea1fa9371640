"""Channels of chats."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def chat() -> Resources:
    common = {
        "IamRoleArn": att("Role", "Arn"),
        "SnsTopicArns": [ref("Topic")],
        "GuardrailPolicies": ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
        "LoggingLevel": "INFO",
        "UserRoleRequired": True,
    }
    return {
        "Slack": {
            "Type": "AWS::Chatbot::SlackChannelConfiguration",
            "Properties": {
                "ConfigurationName": "all-types-slack",
                "SlackWorkspaceId": "T0123ABCDE",
                "SlackChannelId": "C0123ABCDE",
                **common,
            },
        },
        "Teams": {
            "Type": "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
            "Properties": {
                "ConfigurationName": "all-types-teams",
                "TeamsTenantId": "01234567-89ab-cdef-0123-456789abcdef",
                "TeamId": "11234567-89ab-cdef-0123-456789abcdef",
                "TeamsChannelId": "19%3Aabc%40thread.tacv2",
                **common,
            },
        },
    }
