"""`EventAlert`: an event becomes a readable message, and one that cannot be delivered is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


@pytest.fixture
def target(bench: Mapping[str, Stand]) -> dict[str, Any]:
    (found,) = bench["FailedRuns"].one("AWS::Events::Rule").properties["Targets"]
    return found


def test_the_rule_is_on_and_matches_the_pattern(bench: Mapping[str, Stand]) -> None:
    rule = bench["FailedRuns"].one("AWS::Events::Rule").properties
    assert (rule["State"], rule["EventPattern"]) == ("ENABLED", {"source": ["aws.sagemaker"]})
    assert "EventBusName" not in rule  # the account's default bus, where AWS services send


def test_the_alert_is_a_sentence_with_the_event_s_fields(bench: Mapping[str, Stand], target: dict[str, Any]) -> None:
    assert target["Arn"] == bench["Alerts"].one("AWS::SNS::Topic").arn
    transformer = target["InputTransformer"]
    assert json.loads(transformer["InputTemplate"]) == {
        "AlarmDescription": "[ticket] run <run> failed Owner: ML engineer. Runbook: docs/operations/pipeline-failed.md."
    }
    assert transformer["InputPathsMap"] == {"run": "$.detail.run"}


def test_an_alert_that_cannot_be_delivered_is_kept(bench: Mapping[str, Stand], target: dict[str, Any]) -> None:
    assert target["DeadLetterConfig"] == {"Arn": bench["DeadLetters"].one("AWS::SQS::Queue").arn}
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600
