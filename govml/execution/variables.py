"""The execution variables of SageMaker Pipelines, with the values that they have in a local run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from govml.execution.record import RunRecord, now

_VALUES: Mapping[str, Callable[[RunRecord, str], str]] = {
    "CurrentDateTime": lambda *_: now(),
    "PipelineArn": lambda _, arn: arn,
    "PipelineExecutionArn": lambda record, arn: f"{arn}/execution/{record.run_id}",
    "PipelineExecutionId": lambda record, _: record.run_id,
    "PipelineName": lambda record, _: record.pipeline,
    "StartDateTime": lambda record, _: record.started,
}
EXECUTION_VARIABLES = frozenset(_VALUES)


def execution_variable(name: str, record: RunRecord, pipeline_arn: str) -> str:
    """Return the value of one of `EXECUTION_VARIABLES` in a run."""
    return _VALUES[name](record, pipeline_arn)
