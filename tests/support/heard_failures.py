"""Reads templates for what can fail without anybody looking, and for who would hear of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cfn_templates import Resource, Template

TOLD = re.compile(r"\[(page|ticket)\] .+ Owner: [A-Za-z ]+\. Runbook: docs/operations/[a-z-]+\.md\.")
CUSTOM = re.compile(r"^Custom::|^AWS::CloudFormation::CustomResource$")
# Kinds that can fail, and of which there are none yet: whoever makes the first adds how it is heard.
UNKNOWN_HERE = ("AWS::StepFunctions::StateMachine", "AWS::Glue::Job", "AWS::Batch::JobQueue", "AWS::ECS::Service")


class Heard:
    """One environment's templates, and who is told of what in them."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.all = [each for template in templates for each in template.all()]
        topics = {each.arn for each in self.of("AWS::SNS::Topic")}
        self.alarms = [
            each.properties
            for each in self.of("AWS::CloudWatch::Alarm")
            if TOLD.fullmatch(each.properties.get("AlarmDescription", ""))
            and set(each.properties["AlarmActions"]) <= topics
        ]
        self.alerts = [
            rule.properties["EventPattern"].get("detail", {})
            for rule in self.of("AWS::Events::Rule")
            for target in rule.properties["Targets"]
            if target["Arn"] in topics
            and TOLD.fullmatch(
                json.loads(target.get("InputTransformer", {}).get("InputTemplate", "{}")).get("AlarmDescription", "")
            )
        ]

    def of(self, *types: str) -> list[Resource]:
        return [each for each in self.all if each.type in types]

    def rings(self, metric: str, value: str) -> bool:
        """Return whether an alarm looks at a metric of what is named so."""
        return any(
            alarm.get("MetricName") == metric and value in [each["Value"] for each in alarm["Dimensions"]]
            for alarm in self.alarms
        )

    def tells(self, key: str, value: str, states: Iterable[str]) -> bool:
        """Return whether an event alert is about all those states of it."""
        return any(
            value in json.dumps(detail.get(key, [])) and set(states) <= set(_texts(detail)) for detail in self.alerts
        )

    def dead_letters(self) -> list[Resource]:
        """Queues that something names as the place of what it could not do, and those named for it."""
        text = json.dumps(
            [
                found
                for each in self.all
                for found in _under(each.properties, {"RedrivePolicy", "DeadLetterConfig", "DeadLetterArn"})
            ]
        )
        return [each for each in self.of("AWS::SQS::Queue") if each.arn in text or "DeadLetter" in each.path]


def _texts(detail: Mapping[str, Any]) -> list[str]:
    return [text for values in detail.values() if isinstance(values, list) for text in values if isinstance(text, str)]


def _under(given: Any, keys: set[str]) -> list[Any]:
    """Return everything below any of the keys, at any depth."""
    if isinstance(given, list):
        return [found for each in given for found in _under(each, keys)]
    if isinstance(given, dict):
        return [found for key, each in given.items() for found in ([each] if key in keys else _under(each, keys))]
    return []


def unheard(environment: Heard) -> list[str]:
    """Return what could fail in silence: `path: why`, one entry each."""
    kinds = (_dead_letters, _pipelines, _monitoring_jobs, _deliveries, _schedules, _functions)
    unknown = [f"{each.path}: a new kind, which this test does not know yet" for each in environment.of(*UNKNOWN_HERE)]
    return [problem for kind in kinds for problem in kind(environment)] + unknown


def _dead_letters(environment: Heard) -> Iterator[str]:
    for queue in environment.dead_letters():
        if not environment.rings("ApproximateNumberOfMessagesVisible", _queue_name(queue)):
            yield f"{queue.path}: no alarm on these dead letters"


def _pipelines(environment: Heard) -> Iterator[str]:
    for pipeline in environment.of("AWS::SageMaker::Pipeline"):
        name = pipeline.properties["PipelineName"]
        if not environment.rings("ExecutionFailed", name):
            yield f"{pipeline.path}: no alarm on failed runs of {name}"
        if not environment.tells("pipelineArn", f":pipeline/{name}", ("Failed", "Stopped")):
            yield f"{pipeline.path}: nobody is told when a run of {name} is stopped"


def _monitoring_jobs(environment: Heard) -> Iterator[str]:
    for schedule in environment.of("AWS::SageMaker::MonitoringSchedule"):
        name = schedule.properties["MonitoringScheduleName"]
        if not environment.tells("MonitoringScheduleArn", f"/{name}", ("Failed", "Stopped")):
            yield f"{schedule.path}: nobody is told when its job fails"


def _deliveries(environment: Heard) -> Iterator[str]:
    for delivery in environment.of("AWS::CodePipeline::Pipeline"):
        if not environment.tells("pipeline", delivery.properties["Name"], ("FAILED",)):
            yield f"{delivery.path}: nobody is told when it fails"


def _schedules(environment: Heard) -> Iterator[str]:
    kept = {each.arn for each in environment.dead_letters()}
    for schedule in environment.of("AWS::Scheduler::Schedule"):
        if schedule.properties["Target"].get("DeadLetterConfig", {}).get("Arn") not in kept:
            yield f"{schedule.path}: a start that fails is dropped"


def _functions(environment: Heard) -> Iterator[str]:
    fed = {
        each.properties["FunctionName"]: each.properties["EventSourceArn"]
        for each in environment.of("AWS::Lambda::EventSourceMapping")
    }
    called = {each.properties["ServiceToken"] for each in environment.all if CUSTOM.search(each.type)}
    queues = {each.arn: each for each in environment.of("AWS::SQS::Queue")}
    kept = {each.arn for each in environment.dead_letters()}
    for function in environment.of("AWS::Lambda::Function"):
        if function.arn in fed:
            behind = queues[fed[function.arn]].properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
            if behind not in kept:
                yield f"{function.path}: what it cannot act on is dropped"
        elif function.arn not in called and not _rings_of(environment, function):
            yield f"{function.path}: no alarm on its errors, nor on its silence"


def _queue_name(queue: Resource) -> str:
    return str(
        queue.properties.get("QueueName", queue.template.resolve({"Fn::GetAtt": [queue.logical_id, "QueueName"]}))
    )


def _rings_of(environment: Heard, function: Resource) -> bool:
    """Return whether an alarm is on the function's errors, or, for the canary, on figures that it alone writes."""
    if environment.rings("Errors", function.template.resolve({"Ref": function.logical_id})):
        return True
    silent = [alarm for alarm in environment.alarms if alarm["TreatMissingData"] == "breaching"]
    return "/Canary/" in function.path and any(alarm["Namespace"] == "GovML/Canary" for alarm in silent)
