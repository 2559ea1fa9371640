"""`SecurityEvents`: what AWS sends is matched, what is harmless is not, and somebody reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from cfn_templates import Resource


def matches(pattern: Any, event: Any) -> bool:
    """Return whether an event matches, for patterns of plain values as ours are (EventBridge user guide, "Event patterns")."""
    if isinstance(pattern, dict):
        return isinstance(event, dict) and all(matches(each, event.get(key)) for key, each in pattern.items())
    return event in pattern


@pytest.fixture
def rules(bench: Mapping[str, Stand]) -> dict[str, Resource]:
    return {each.path.split("/")[-2]: each for each in bench["SecurityEvents"].all("AWS::Events::Rule")}


def call(service: str, name: str) -> dict[str, Any]:
    return {
        "source": f"aws.{service}",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {"eventSource": f"{service}.amazonaws.com", "eventName": name, "userIdentity": {"arn": "arn:x"}},
    }


def snapshot(event: str, result: str = "succeeded") -> dict[str, Any]:
    detail = {"event": event, "result": result, "snapshot_id": "arn:aws:ec2:::snapshot/snap-1"}
    return {"source": "aws.ec2", "detail-type": "EBS Snapshot Notification", "detail": detail}


EVENTS: list[tuple[dict[str, Any], str | None]] = [
    ({"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"severity": 1}}, "Threat"),
    ({"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"severity": 8.5}}, "Threat"),
    ({"source": "aws.guardduty", "detail-type": "GuardDuty Runtime Protection Healthy", "detail": {}}, None),
    (call("ec2", "ModifySnapshotAttribute"), "SnapshotCall"),
    (call("ec2", "CopySnapshot"), "SnapshotCall"),
    (call("ec2", "CreateSnapshot"), None),
    (call("rds", "ModifyDBSnapshotAttribute"), "SnapshotCall"),
    (call("rds", "ModifyDBClusterSnapshotAttribute"), "SnapshotCall"),
    (call("rds", "CopyDBSnapshot"), "SnapshotCall"),
    (call("rds", "CopyDBClusterSnapshot"), "SnapshotCall"),
    (call("rds", "StartExportTask"), "SnapshotCall"),
    (call("rds", "CreateDBSnapshot"), None),
    (snapshot("shareSnapshot"), "SnapshotNotice"),
    (snapshot("copySnapshot"), "SnapshotNotice"),
    (snapshot("createSnapshot"), None),
    (snapshot("createSnapshot", "failed"), "SnapshotFailed"),
    (snapshot("copySnapshot", "failed"), "SnapshotNotice"),
]


@pytest.mark.parametrize(("event", "wanted"), EVENTS, ids=lambda each: str(each)[:70])
def test_an_event_is_told_by_its_rule_and_no_other(
    rules: dict[str, Resource], event: dict[str, Any], wanted: str | None
) -> None:
    told = [name for name, rule in rules.items() if matches(rule.properties["EventPattern"], event)]
    assert told == ([wanted] if wanted else [])


def test_every_alert_goes_to_the_topic_and_is_kept_when_it_cannot(
    bench: Mapping[str, Stand], rules: dict[str, Resource]
) -> None:
    assert len(rules) == 4
    for rule in rules.values():
        assert rule.properties["State"] == "ENABLED"
        (target,) = rule.properties["Targets"]
        assert target["Arn"] == bench["Alerts"].one("AWS::SNS::Topic").arn
        assert target["DeadLetterConfig"]["Arn"] == bench["DeadLetters"].one("AWS::SQS::Queue").arn


def test_every_alert_names_the_environment_and_uses_each_of_its_fields(rules: dict[str, Resource]) -> None:
    for rule in rules.values():
        transformer = rule.properties["Targets"][0]["InputTransformer"]
        text = json.loads(transformer["InputTemplate"])["AlarmDescription"]
        assert text.startswith(("[page] bench-dev: ", "[ticket] bench-dev: "))
        assert all(f"<{field}>" in text for field in transformer["InputPathsMap"])
