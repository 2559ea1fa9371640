"""SageMaker's operations on pipeline executions where moto's differ from the service's, done on moto's own objects.

moto knows no request tokens, no order of a list, and no execution that takes time (SageMaker API reference:
StartPipelineExecution, ListPipelineExecutions, StopPipelineExecution).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.executions import workers
from govml.local.emulator.executions.events import changed

Parameters = dict[str, Any]
EXECUTING, ENDED = "Executing", ("Succeeded", "Failed", "Stopped")


def pipeline_of(name: str) -> Any:
    """Return moto's pipeline by its name or ARN.

    Raises:
        ApiError: there is none.
    """
    short = name.rpartition("pipeline/")[2]
    pipelines = moto.backend("sagemaker").pipelines
    if short not in pipelines:
        raise ApiError("ResourceNotFound", f"Pipeline '{name}' does not exist.")
    return pipelines[short]


def execution_of(arn: str) -> tuple[Any, Any]:
    """Return moto's pipeline and execution by the execution's ARN.

    Raises:
        ApiError: there is none.
    """
    pipeline = pipeline_of(arn.rpartition("/execution/")[0])
    if arn not in pipeline.pipeline_executions:
        raise ApiError("ResourceNotFound", f"Pipeline execution with ARN {arn} does not exist.")
    return pipeline, pipeline.pipeline_executions[arn]


def start(parameters: Parameters) -> Parameters:
    """Start an execution: with a worker it runs from now on, without one it has succeeded."""
    pipeline, token = pipeline_of(parameters["PipelineName"]), parameters.get("ClientRequestToken", "")
    for arn, known in pipeline.pipeline_executions.items():
        if token and known.client_request_token == token:
            return {"PipelineExecutionArn": arn}
    answer: Parameters = moto.backend("sagemaker").start_pipeline_execution(
        pipeline_name=pipeline.pipeline_name,
        pipeline_execution_display_name=parameters.get("PipelineExecutionDisplayName"),
        pipeline_parameters=parameters.get("PipelineParameters", []),
        pipeline_execution_description=parameters.get("PipelineExecutionDescription"),
        parallelism_configuration=parameters.get("ParallelismConfiguration"),
        client_request_token=token,
    )
    execution = pipeline.pipeline_executions[answer["PipelineExecutionArn"]]
    if workers.attached():
        execution.pipeline_execution_status = EXECUTING
    changed(pipeline, execution, before="")
    return answer


def listed(parameters: Parameters) -> Parameters:
    """List a pipeline's executions, the latest first unless asked otherwise."""
    executions = list(pipeline_of(parameters["PipelineName"]).pipeline_executions.values())
    executions.sort(key=lambda each: each.start_time, reverse=parameters.get("SortOrder", "Descending") != "Ascending")
    first = int(parameters.get("NextToken") or 0)
    last = first + int(parameters.get("MaxResults") or 10)  # the service's default
    more = {"NextToken": str(last)} if last < len(executions) else {}
    return {"PipelineExecutionSummaries": [_summary(each) for each in executions[first:last]], **more}


def stop(parameters: Parameters) -> Parameters:
    """Stop an execution that no worker has begun; one that runs is asked to stop."""
    pipeline, execution = execution_of(parameters["PipelineExecutionArn"])
    before = execution.pipeline_execution_status
    if before == EXECUTING:
        execution.pipeline_execution_status = "Stopping" if getattr(execution, "taken", False) else "Stopped"
        changed(pipeline, execution, before=before)
    return {"PipelineExecutionArn": execution.arn}


def _summary(execution: Any) -> Parameters:
    summary = {
        "PipelineExecutionArn": execution.arn,
        "StartTime": execution.start_time.timestamp(),
        "PipelineExecutionStatus": execution.pipeline_execution_status,
        "PipelineExecutionDescription": execution.pipeline_execution_description,
        "PipelineExecutionDisplayName": execution.pipeline_execution_display_name,
        "PipelineExecutionFailureReason": execution.pipeline_execution_failure_reason,
    }
    return {name: value for name, value in summary.items() if value}


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    "start_pipeline_execution": start,
    "list_pipeline_executions": listed,
    "stop_pipeline_execution": stop,
}
