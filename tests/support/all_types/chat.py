"""Channels of chats, and addresses with a key that alarms go to."""

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
        "DeskKey": {
            "Type": "AWS::Events::Connection",
            "Properties": {
                "Name": "all-types-desk",
                "AuthorizationType": "API_KEY",
                "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "not-a-key"}},
            },
        },
        "Desk": {
            "Type": "AWS::Events::ApiDestination",
            "Properties": {
                "Name": "all-types-desk",
                "ConnectionArn": att("DeskKey", "Arn"),
                "HttpMethod": "POST",
                "InvocationEndpoint": "https://desk.agency.example/alarms",
                "InvocationRateLimitPerSecond": 10,
            },
        },
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
