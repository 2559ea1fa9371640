"""`ChatRoute`: alerts go to a Slack or Teams channel, which can look at them and do nothing."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of

# Without guardrails a channel may do whatever an administrator may (API reference, SlackChannelConfiguration).
_GUARDRAIL = "policy/CloudWatchReadOnlyAccess"


@dataclass(frozen=True)
class SlackChannel:
    """A Slack channel, by Slack's own ids."""

    workspace_id: str
    channel_id: str


@dataclass(frozen=True)
class TeamsChannel:
    """A Microsoft Teams channel, by Microsoft's own ids."""

    tenant_id: str
    team_id: str
    channel_id: str


class ChatRoute(PlacedConstruct):
    """A channel of Amazon Q Developer in chat applications that is subscribed to a topic.

    The service subscribes itself by its service-linked role. The topic is decrypted by SNS, so its key needs no statement for
    it (administrator guide, "Getting started", encrypted topics: the publishers do).

    Args:
        name: name of the configuration.
        channel: where alerts go.
        topic: what it hears.
        rules: rules of the channel's role.

    Controls: the channel's role has no right at all, every command needs a role of the person who types it, and no role may
    do more from there than read CloudWatch; what is done is logged.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        channel: SlackChannel | TeamsChannel,
        topic: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        role = ServiceRole(
            self,
            "Role",
            service="chatbot.amazonaws.com",
            description=f"Shows alerts in the channel {name}, without any right",
            rules=rules,
            source_arns=[place.arn("chatbot", "*", region="")],
        )
        guardrails = [place.arn("iam", _GUARDRAIL, region="", account="aws")]
        if isinstance(channel, SlackChannel):
            self.resource: chatbot.CfnSlackChannelConfiguration | chatbot.CfnMicrosoftTeamsChannelConfiguration = (
                chatbot.CfnSlackChannelConfiguration(
                    self,
                    "Channel",
                    configuration_name=name,
                    slack_workspace_id=channel.workspace_id,
                    slack_channel_id=channel.channel_id,
                    iam_role_arn=role.role_arn,
                    sns_topic_arns=[topic.topic_arn],
                    guardrail_policies=guardrails,
                    user_role_required=True,
                    logging_level="INFO",
                )
            )
        else:
            self.resource = chatbot.CfnMicrosoftTeamsChannelConfiguration(
                self,
                "Channel",
                configuration_name=name,
                teams_tenant_id=channel.tenant_id,
                team_id=channel.team_id,
                teams_channel_id=channel.channel_id,
                iam_role_arn=role.role_arn,
                sns_topic_arns=[topic.topic_arn],
                guardrail_policies=guardrails,
                user_role_required=True,
                logging_level="INFO",
            )
