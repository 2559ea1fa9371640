"""What a worker asks and tells, below a path of its own beside SageMaker's API: no AWS service has these operations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.executions import workers
from govml.local.emulator.executions.events import changed
from govml.local.emulator.executions.operations import ENDED, EXECUTING, execution_of

PREFIX = "/govml-executions/"
Parameters = dict[str, Any]


def attach(parameters: Parameters) -> Parameters:
    """A worker takes the executions."""
    return {"session": workers.attach(int(parameters["pid"]))}


def detach(parameters: Parameters) -> Parameters:
    """The worker ends."""
    workers.detach(parameters["session"])
    return {}


def take(parameters: Parameters) -> Parameters:
    """Give the worker the execution that has waited longest; nothing while none waits."""
    workers.require(parameters["session"])
    waiting = [
        (execution.start_time, execution.arn, pipeline)
        for pipeline in moto.backend("sagemaker").pipelines.values()
        for execution in pipeline.pipeline_executions.values()
        if execution.pipeline_execution_status == EXECUTING and not getattr(execution, "taken", False)
    ]
    if not waiting:
        return {}
    _, arn, pipeline = min(waiting, key=lambda each: each[:2])
    execution = pipeline.pipeline_executions[arn]
    execution.taken = True
    return {
        "arn": arn,
        "pipeline": pipeline.pipeline_name,
        "name": execution.pipeline_execution_display_name or "",
        "parameters": {each["Name"]: each["Value"] for each in execution.pipeline_parameters or []},
    }


def report(parameters: Parameters) -> Parameters:
    """The worker tells how an execution has ended."""
    workers.require(parameters["session"])
    pipeline, execution = execution_of(parameters["arn"])
    before, status = execution.pipeline_execution_status, parameters["status"]
    if status not in ENDED:
        raise ApiError("ValidationException", f"{status} is no end of an execution")
    execution.pipeline_execution_status = status
    execution.pipeline_execution_failure_reason = parameters.get("reason") or None
    execution.last_modified_time = datetime.now(UTC)
    changed(pipeline, execution, before=before)
    return {}


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    "attach": attach,
    "detach": detach,
    "take": take,
    "report": report,
}


def answer(path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Answer one call, `POST /govml-executions/<operation>` with a JSON body."""
    try:
        operation = OPERATIONS.get(path.removeprefix(PREFIX))
        if operation is None:
            raise ApiError("UnknownOperationException", f"{path} is no operation of a worker")
        return 200, {"content-type": "application/json"}, json.dumps(operation(json.loads(body))).encode()
    except ApiError as error:
        return error.response()
