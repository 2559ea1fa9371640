"""Whatever tells somebody, not alarms alone, says how soon, whose duty it is, and what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from profiles import Profile
from ruamel.yaml import YAML

REPOSITORY = Path(__file__).resolve().parents[3]
TOLD = re.compile(r"\[(page|ticket)\] (.+) Owner: ([A-Za-z ]+)\. Runbook: (docs/operations/[a-z-]+\.md)\.")
TOPIC = "AWS::SNS::Topic"


def owner_of(page: str) -> str:
    found = re.search(
        r"^Owner: ((?:data|ML|operations|platform) engineer)", (REPOSITORY / page).read_text(), re.MULTILINE
    )
    assert found, f"{page} has no owner"
    return found[1]


def test_every_alert_of_an_event_says_so(profile: Profile) -> None:
    for _, templates in profile.environments():
        topics = {each.arn for template in templates for each in template.all(TOPIC)}
        for rule in (each for template in templates for each in template.all("AWS::Events::Rule")):
            for target in rule.properties["Targets"]:
                transformer = target.get("InputTransformer")
                if target["Arn"] not in topics or transformer is None:  # an alarm that is handed on says it itself
                    continue
                found = TOLD.fullmatch(json.loads(transformer["InputTemplate"])["AlarmDescription"])
                assert found, rule.path
                assert owner_of(found[4]) == found[3]


def test_every_rule_of_prometheus_says_so(profile: Profile) -> None:
    for _, templates in profile.environments():
        for space in (each for template in templates for each in template.all("AWS::APS::RuleGroupsNamespace")):
            groups = YAML(typ="safe", pure=True).load(space.properties["Data"])["groups"]
            alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
            assert alerts
            for alert in alerts:
                assert alert["labels"]["severity"] in ("page", "ticket"), alert["alert"]
                assert owner_of(alert["annotations"]["runbook"])


@pytest.mark.parametrize("kind", ["AWS::Budgets::Budget", "AWS::CE::AnomalySubscription"])
def test_spending_is_told_to_a_topic_and_has_its_runbook(profile: Profile, kind: str) -> None:
    for _, templates in profile.environments():
        topics = {each.arn for template in templates for each in template.all(TOPIC)}
        for each in (found for template in templates for found in template.all(kind)):
            told = (
                [each.properties] if kind.endswith("Subscription") else each.properties["NotificationsWithSubscribers"]
            )
            addresses = {who["Address"] for part in told for who in part["Subscribers"]}
            assert addresses <= topics, each.path
            assert addresses
    assert owner_of("docs/operations/spending.md") == "platform engineer"


def test_everything_that_tells_a_topic_is_known_here(profile: Profile) -> None:
    """A new kind of source shows by its type: give it a test above, and its name here."""
    known = {
        *("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::Events::Rule", "AWS::Budgets::Budget"),
        *("AWS::CE::AnomalySubscription", "AWS::APS::Workspace"),
        "AWS::CodePipeline::Pipeline",  # a deployment to production asks for its approval, which is no alert
        # These hear, hold, name or serve the topic, or tell it of functions that failed.
        *(TOPIC, "AWS::SNS::TopicPolicy", "AWS::SNS::Subscription", "AWS::SSM::Parameter", "AWS::IAM::ManagedPolicy"),
        *("AWS::Lambda::Function", "AWS::KMS::Key", "AWS::Chatbot::SlackChannelConfiguration"),
        *("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "AWS::CloudWatch::Dashboard"),
    }
    for _, templates in profile.environments():
        topics = {each.arn for template in templates for each in template.all(TOPIC)}
        for each in (found for template in templates for found in template.all()):
            if any(arn in json.dumps(each.properties, default=str) for arn in topics):
                assert each.type in known, each.path
