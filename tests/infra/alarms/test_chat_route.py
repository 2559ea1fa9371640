"""`ChatRoute`, `PageTopic`: a chat shows alerts, may do nothing, and gets pages alone where it wants so."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT
from iam_simulator import Request, decide
from profiles import Profile

SLACK, TEAMS = "AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"


@pytest.mark.parametrize(("stand", "kind", "topic"), [("ToSlack", SLACK, "Alerts"), ("ToTeams", TEAMS, "Pages")])
def test_a_channel_hears_its_topic_and_may_do_nothing(
    bench: Mapping[str, Stand], stand: str, kind: str, topic: str
) -> None:
    channel = bench[stand].one(kind).properties
    assert channel["SnsTopicArns"] == [bench[topic].one("AWS::SNS::Topic").arn]
    assert channel["GuardrailPolicies"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    assert channel["UserRoleRequired"] is True
    role = bench[stand].one("AWS::IAM::Role").properties
    assert not role.get("ManagedPolicyArns")
    assert not role.get("Policies")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "chatbot.amazonaws.com"}
    assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT


def test_pages_alone_reach_their_topic_encrypted(bench: Mapping[str, Stand]) -> None:
    pages = bench["Pages"]
    pattern = pages.one("AWS::Events::Rule").properties["EventPattern"]
    assert pattern["detail"]["configuration"] == {"description": [{"prefix": "[page]"}]}
    topic = pages.one("AWS::SNS::Topic")
    assert topic.properties["KmsMasterKeyId"]
    for service, answer in (("events.amazonaws.com", "allowed"), ("cloudwatch.amazonaws.com", "not allowed")):
        request = Request("sns:Publish", topic.arn, {"aws:SourceAccount": ACCOUNT}, principal=service)
        assert decide([pages.policy("AWS::SNS::TopicPolicy")], request) == answer


def test_each_channel_of_the_agency_file_is_made_in_each_environment(profile: Profile) -> None:
    wanted = profile.settings.observability.chat
    for name, templates in profile.environments():
        made = {
            each.properties["ConfigurationName"]: each.type
            for template in templates
            for each in template.all(SLACK, TEAMS)
        }
        prefix = f"{profile.settings.agency}-{name}-chat"
        assert made == {
            f"{prefix}-{chat.replace('_', '-')}": SLACK if each.slack else TEAMS for chat, each in wanted.items()
        }
