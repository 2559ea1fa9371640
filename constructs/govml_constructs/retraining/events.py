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
    looks = [place.arn("sagemaker", f"pipeline/{case.monitor}") for case in cases]
    return {
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
