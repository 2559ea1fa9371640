"""What an alarm watches is made by the same templates: no queue, endpoint or pipeline by another name."""

from __future__ import annotations

import pytest
from alarm_board import AlarmBoard
from cfn_templates import Template
from profiles import Profile

# Dimension -> type of the resource that it names, and the property that holds the name.
NAMED = {
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "EndpointName": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "Endpoint": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "PipelineName": ("AWS::SageMaker::Pipeline", "PipelineName"),
}


def missing(templates: list[Template], dimension: str, value: str) -> bool:
    """Whether a dimension names something that none of the templates makes."""
    if dimension not in NAMED:
        return False
    kind, named = NAMED[dimension]
    made = {each.properties.get(named, each.name) for template in templates for each in template.all(kind)}
    return value.removesuffix(f".{named}") not in made  # `Fn::GetAtt` of the name


def test_what_alarms_watch_is_made_by_the_same_templates(profile: Profile) -> None:
    for _, templates in profile.environments():
        found = [each.properties for template in templates for each in template.all("AWS::CloudWatch::Alarm")]
        for alarm in AlarmBoard(found).alarms.values():
            for metric in alarm.metrics:
                wrong = [pair for pair in metric.dimensions if missing(templates, *pair)]
                assert not wrong, f"{alarm.name} watches {wrong}, which nothing makes"


@pytest.mark.parametrize("dimension", sorted(NAMED))
def test_another_name_is_found(profile: Profile, dimension: str) -> None:
    for _, templates in profile.environments():
        assert missing(templates, dimension, "no-such-thing")
