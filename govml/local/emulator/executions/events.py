"""The event of a pipeline execution that changes its state (SageMaker developer guide, "SageMaker AI events")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from govml.local.emulator.events import bus


def changed(pipeline: Any, execution: Any, *, before: str) -> None:
    """Put the event of moto's execution onto the bus.

    Args:
        pipeline: moto's pipeline.
        execution: its execution, in its new state.
        before: the state before; empty for a new one.
    """
    status = execution.pipeline_execution_status
    detail = {
        "pipelineArn": pipeline.arn,
        "pipelineExecutionArn": execution.arn,
        "pipelineExecutionDisplayName": execution.pipeline_execution_display_name or "",
        "currentPipelineExecutionStatus": status,
        "previousPipelineExecutionStatus": before,
        "executionStartTime": execution.start_time.isoformat(),
    }
    if status in ("Succeeded", "Failed", "Stopped"):
        detail["executionEndTime"] = datetime.now(UTC).isoformat()
    bus.put(
        "aws.sagemaker",
        "SageMaker Model Building Pipeline Execution Status Change",
        detail,
        [pipeline.arn, execution.arn],
    )
