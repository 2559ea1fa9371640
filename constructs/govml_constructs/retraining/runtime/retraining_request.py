"""What comes by the queue: wishes of the calendar, of a sustained drift and of people; and that a look has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_JOB = "SageMaker Processing Job State Change"
_RUN = "SageMaker Model Building Pipeline Execution Status Change"
Why = Literal["schedule", "drift", "person"]


class StrangeMessage(Exception):
    """A message that asks for nothing; its text says why."""


@dataclass(frozen=True)
class RetrainingRequest:
    """One wish to train a use case's model again.

    Args:
        use_case: slug of the use case, as in `hdb-resale`.
        why: who or what asks.
        moment: when, as the asker wrote it: two messages of one use case, reason and moment are the same request.
        by: the person, where one asks.
    """

    use_case: str
    why: Why
    moment: str
    by: str = ""


@dataclass(frozen=True)
class Look:
    """A wish that the drift engine looks at a use case's model: the calendar's, or of Model Monitor, which found something."""

    use_case: str
    moment: str


@dataclass(frozen=True)
class Looked:
    """A look at a use case's model has come to its end."""

    use_case: str
    execution: str


def request_of(
    body: str, alarms: Mapping[str, str], use_cases: Mapping[str, Any]
) -> RetrainingRequest | Look | Looked | None:
    """Read a message.

    Args:
        body: an alarm's event (CloudWatch user guide, "Alarm events and EventBridge"), the event of a pipeline's run
            (SageMaker developer guide, "SageMaker Model Building Pipeline Execution Status Change"), the event of a job of
            SageMaker Model Monitor ("Processing job state change"), or
            `{"retrain": use case, "why": "schedule" | "person", "moment": text, "by": name}`, or
            `{"look": use case, "moment": text}`.
        alarms: name of the alarm that asks for retraining -> use case.
        use_cases: the known ones, each with the name of its `monitor`ing pipeline and of its `quality_schedule`.

    Returns:
        None for an alarm that has ended, or a run that has not come to a good end: they ask for nothing.

    Raises:
        StrangeMessage: it is something else.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise StrangeMessage("not JSON") from error
    if not isinstance(message, dict):
        raise StrangeMessage("not an object")
    if "look" in message:
        use_case, moment = message["look"], message.get("moment")
        if isinstance(use_case, str) and use_case in use_cases and isinstance(moment, str) and moment:
            return Look(use_case, moment)
        raise StrangeMessage("look names a use case of this environment, and moment is a text")
    if "retrain" in message:
        texts = [message.get(name, "") for name in ("retrain", "why", "moment", "by")]
        use_case, why, moment, by = texts
        if not all(isinstance(text, str) for text in texts) or use_case not in use_cases or not moment:
            raise StrangeMessage(
                "retrain, why, moment and by are texts, and retrain names a use case of this environment"
            )
        if why == "schedule" or (why == "person" and by):
            return RetrainingRequest(use_case, why, moment, by)
        raise StrangeMessage(f"{why!r} is neither the schedule nor a named person")
    if message.get("detail-type") == _RUN:
        return _of_run(message, use_cases)
    if message.get("detail-type") == _JOB:
        return _of_job(message, use_cases)
    return _of_alarm(message, alarms)


def _of_run(event: dict[str, Any], use_cases: Mapping[str, Any]) -> Looked | None:
    try:
        detail = event["detail"]
        status, execution = detail["currentPipelineExecutionStatus"], detail["pipelineExecutionArn"]
        pipeline = detail["pipelineArn"].rpartition("/")[2]
    except (TypeError, KeyError, AttributeError) as error:
        raise StrangeMessage("not the event of a pipeline's run") from error
    slugs = [slug for slug, case in use_cases.items() if case["monitor"] == pipeline]
    if not slugs or not isinstance(execution, str):
        raise StrangeMessage(f"pipeline {pipeline!r} looks at no model of this environment")
    return Looked(slugs[0], execution) if status == "Succeeded" else None


def _of_job(event: dict[str, Any], use_cases: Mapping[str, Any]) -> Look | None:
    """Read the event of a monitoring job: it asks for a look, and never for retraining, which bad data must not start."""
    try:
        detail = event["detail"]
        schedule, job, ended = detail["MonitoringScheduleArn"], detail["ProcessingJobName"], detail["ExitMessage"]
        name = schedule.rpartition("/")[2]
    except (TypeError, KeyError, AttributeError) as error:
        raise StrangeMessage("not the event of a monitoring job that has ended") from error
    slugs = [slug for slug, case in use_cases.items() if name and case.get("quality_schedule") == name]
    if not slugs or not isinstance(job, str) or not job or not isinstance(ended, str):
        raise StrangeMessage(f"schedule {schedule!r} watches no model of this environment")
    return Look(slugs[0], job) if ended.startswith("CompletedWithViolations") else None


def _of_alarm(event: dict[str, Any], alarms: Mapping[str, str]) -> RetrainingRequest | None:
    try:
        detail = event["detail"]
        name, state = detail["alarmName"], detail["state"]
        value, moment = state["value"], state["timestamp"]
    except (TypeError, KeyError) as error:
        raise StrangeMessage("neither a request nor the event of an alarm") from error
    if name not in alarms:
        raise StrangeMessage(f"alarm {name!r} asks for no retraining")
    if value != "ALARM":
        return None
    if not isinstance(moment, str):
        raise StrangeMessage("the alarm's event has no time")
    return RetrainingRequest(alarms[name], "drift", moment)
