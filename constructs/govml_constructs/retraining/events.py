"""Which events the retraining trigger hears of, as rules of its queue."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.functions.event_queue import EventRule
from govml_constructs.place import Place
from govml_constructs.retraining.watched import WatchedUseCase


def retraining_rules(place: Place, cases: Sequence[WatchedUseCase]) -> dict[str, EventRule]:
    """Return construct id -> rule.

    Args:
        place: where the pipelines are.
        cases: what is watched.
    """
    schedules = [case.quality_schedule for case in cases if case.quality_schedule]
    looks = [place.arn("sagemaker", f"pipeline/{case.monitor}") for case in cases]
    rules = {
        "Drifted": EventRule(
            "The drift engine asks for a model to be trained again",
            {
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": [case.drift_alarm for case in cases], "state": {"value": ["ALARM"]}},
            },
        ),
        "Looked": EventRule(
            "The drift engine has looked at a model: its findings are evidence",
            {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                "detail": {"pipelineArn": looks, "currentPipelineExecutionStatus": ["Succeeded"]},
            },
        ),
    }
    if schedules:
        rules["Violated"] = EventRule(
            "SageMaker Model Monitor has found violations: the drift engine is asked to look", violations(schedules)
        )
    return rules


def violations(schedules: Sequence[str]) -> dict[str, object]:
    """Return the pattern of jobs of Model Monitor that end with violations.

    The event is taken to carry what `DescribeProcessingJob` answers: whose schedule the job is of, and the message with which
    its container ended, whose first word is the verdict (SageMaker AI developer guide, "Contract outputs" of monitoring jobs
    and "Processing job state change"). AWS shows no example of such an event, and none was seen: check the first one.

    Args:
        schedules: ARNs of the schedules.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {
            "MonitoringScheduleArn": list(schedules),
            "ProcessingJobStatus": ["Completed"],
            "ExitMessage": [{"prefix": "CompletedWithViolations"}],
        },
    }


def failed_looks(schedules: Sequence[str]) -> dict[str, object]:
    """Return the pattern of jobs of Model Monitor that end without a verdict.

    Its fields are those of `violations`, with the same caveat; the statuses are those of `DescribeProcessingJob`.

    Args:
        schedules: ARNs of the schedules.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {"MonitoringScheduleArn": list(schedules), "ProcessingJobStatus": ["Failed", "Stopped"]},
    }
