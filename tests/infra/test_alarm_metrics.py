"""What alarms and dashboards read is published by somebody, about something that the same templates make."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from alarm_board import AlarmBoard
from cfn_templates import Template
from metric_sources import unknown
from profiles import Profile

# Dimension -> type of the resource that it names, and the property that holds the name (none: `Ref`).
NAMED = {
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "EndpointName": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "Endpoint": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "PipelineName": ("AWS::SageMaker::Pipeline", "PipelineName"),
}

Read = tuple[str, str, dict[str, str], str]
"""Namespace, metric, dimensions, and who reads it."""


def of_alarms(templates: list[Template]) -> Iterator[Read]:
    found = [each.properties for template in templates for each in template.all("AWS::CloudWatch::Alarm")]
    for alarm in AlarmBoard(found).alarms.values():
        for metric in alarm.metrics:
            yield metric.namespace, metric.name, dict(metric.dimensions), alarm.name


def of_dashboards(templates: list[Template]) -> Iterator[Read]:
    for template in templates:
        for dashboard in template.all("AWS::CloudWatch::Dashboard"):
            body = json.loads(dashboard.properties["DashboardBody"])
            for widget in body["widgets"]:
                for metric in widget["properties"].get("metrics", ()):
                    plain = [each for each in metric if isinstance(each, str)]
                    if plain:
                        pairs = dict(zip(plain[2::2], plain[3::2], strict=True))
                        yield plain[0], plain[1], pairs, widget["properties"]["title"]


def test_what_is_read_is_published(profile: Profile) -> None:
    for _, templates in profile.environments():
        reads = [*of_alarms(templates), *of_dashboards(templates)]
        wrong = {who: unknown(namespace, name, tuple(dimensions)) for namespace, name, dimensions, who in reads}
        assert {who: why for who, why in wrong.items() if why} == {}


def test_what_alarms_watch_is_made_by_the_same_templates(profile: Profile) -> None:
    for _, templates in profile.environments():
        for _, _, dimensions, who in of_alarms(templates):
            for dimension, value in dimensions.items():
                kind, named = NAMED.get(dimension, ("", ""))
                made = {
                    each.properties.get(named, each.name)
                    for template in templates
                    for each in template.all(kind)
                    if kind
                }
                named_or_got = value.removesuffix(f".{named}")  # `Fn::GetAtt` of the name
                assert named_or_got in made or not kind, f"{who} watches {dimension} {value}, which nothing makes"


@pytest.mark.parametrize(
    ("namespace", "metric", "dimensions"),
    [
        ("AWS/SageMaker", "Invocation5xxErrors", ("EndpointName", "VariantName")),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("Queue",)),
        ("AWS/Sqs", "ApproximateNumberOfMessagesVisible", ("QueueName",)),
        ("GovML/Monitoring", "RetrainingRequests", ("Endpoint",)),
        ("GovML/Monitoring", "BrokenFeed", ("EndpointName",)),
        ("GovML/Ingestions", "FilesRefused", ("DataSource",)),
    ],
)
def test_a_misspelt_metric_is_found(namespace: str, metric: str, dimensions: tuple[str, ...]) -> None:
    assert unknown(namespace, metric, dimensions) is not None
