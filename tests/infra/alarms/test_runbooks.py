"""Every alarm of every profile has a severity, an owner, a route and a runbook that can be followed."""

from __future__ import annotations

import re
from pathlib import Path

import boto3
import pytest
from botocore import xform_name
from profiles import Profile

REPOSITORY = Path(__file__).resolve().parents[3]
RUNBOOKS = sorted(path for path in (REPOSITORY / "docs" / "operations").glob("*.md") if path.name != "README.md")
TOLD = re.compile(r"\[(page|ticket)\] (.+) Owner: ([A-Za-z ]+)\. Runbook: (docs/operations/[a-z-]+\.md)\.")
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
PARTS = ("What it means", "First look", "Mend", "Escalate")
# Commands of the AWS command line that are no operation of an API: they are made of several.
CUSTOM = {("logs", "tail"), ("s3", "ls"), ("s3", "cp")}


def spans(text: str) -> list[str]:
    """Return the code spans of a page, without the dots that stand for what differs."""
    return [
        span.replace("...", "") for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    ]


def test_every_alarm_says_who_does_what_and_the_runbook_knows_it(profile: Profile) -> None:
    seen = 0
    for _, templates in profile.environments():
        alarms = [each.properties for template in templates for each in template.all(*ALARMS)]
        rules = " ".join(each.get("AlarmRule", "") for each in alarms)
        for properties in alarms:
            if not properties.get("AlarmActions"):  # it is heard through another one only
                assert f'ALARM("{properties["AlarmName"]}")' in rules, properties["AlarmName"]
                continue
            found = TOLD.fullmatch(properties["AlarmDescription"])
            assert found, f"{properties['AlarmName']}: {properties['AlarmDescription']}"
            text = (REPOSITORY / found[4]).read_text()
            assert f"Owner: {found[3]}" in text, f"{found[4]} has another owner than {properties['AlarmName']}"
            named = [span for span in spans(text) if len(span) > 4 and span in properties["AlarmName"]]
            assert named, f"{found[4]} does not name {properties['AlarmName']}"
            seen += 1
    assert seen


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.name)
def test_a_runbook_has_its_four_parts_in_order_and_an_owner(runbook: Path) -> None:
    text = runbook.read_text()
    assert [part for part in re.findall(r"^## (.+)$", text, re.MULTILINE) if part in PARTS] == list(PARTS)
    assert re.search(r"^Owner: (data|ML|operations|platform) engineer", text, re.MULTILINE)
    for part in PARTS:
        body = text.split(f"## {part}\n", 1)[1].split("\n## ", 1)[0]
        assert len(body.split()) > 15, f"{runbook.name}: {part} says too little"


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.name)
def test_the_aws_commands_of_a_runbook_exist(runbook: Path) -> None:
    session = boto3.Session()
    for service, command in re.findall(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)", runbook.read_text()):
        if (service, command) in CUSTOM:
            continue
        name = session.client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        operations = {xform_name(each, "-") for each in name.meta.service_model.operation_names}
        assert command in operations, f"{runbook.name} names `aws {service} {command}`"


def test_the_list_of_runbooks_is_whole() -> None:
    listed = (REPOSITORY / "docs" / "operations" / "README.md").read_text()
    for runbook in RUNBOOKS:
        assert f"[{runbook.name}]({runbook.name})" in listed
