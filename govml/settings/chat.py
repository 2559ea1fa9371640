"""Chat channels that get alerts, through Amazon Q Developer in chat applications (formerly AWS Chatbot)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govml.settings.base import SettingsModel

_UUID = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"


class SlackSettings(SettingsModel):
    """A Slack channel; its workspace is allowed once in the account's console."""

    # CloudFormation reference, `AWS::Chatbot::SlackChannelConfiguration`.
    workspace_id: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,255}$")]
    """Workspace as Slack names it, such as T0123ABCDE."""

    channel_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,256}$")]
    """Channel as Slack names it, such as C0123ABCDE."""


class TeamsSettings(SettingsModel):
    """A Microsoft Teams channel; its team is allowed once in the account's console."""

    # CloudFormation reference, `AWS::Chatbot::MicrosoftTeamsChannelConfiguration`.
    tenant_id: Annotated[str, Field(pattern=_UUID)]
    """Tenant of Microsoft 365, a UUID."""

    team_id: Annotated[str, Field(pattern=_UUID)]
    """Team, a UUID (`groupId` in a channel's link)."""

    channel_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_%.@:-]{1,256}$")]
    """Channel as it stands in its link, such as 19%3Aabc%40thread.tacv2."""


class ChatSettings(SettingsModel):
    """One channel: `slack` or `teams`. It only shows alerts; nobody can act on the account from there."""

    slack: SlackSettings | None = None
    """A Slack channel."""

    teams: TeamsSettings | None = None
    """A Microsoft Teams channel."""

    severity: Literal["page", "ticket"] = "page"
    """page (alarms that somebody must look at now) or ticket (every alert)."""
