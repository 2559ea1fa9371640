"""What the pages of jobs and pipelines show: runs, steps, and the machines under them."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph, LogTable, search

PIPELINES = "AWS/Sagemaker/ModelBuildingPipeline"
"""Spelt so by SageMaker itself (developer guide, "Pipelines metrics")."""
# Host is `JOB/algo-N` (SageMaker developer guide, "SageMaker AI metrics in Amazon CloudWatch").
_MACHINES = (("training", "/aws/sagemaker/TrainingJobs"), ("processing", "/aws/sagemaker/ProcessingJobs"))
_HOUR = 3600


def machine_graphs() -> list[Graph]:
    """Return the graphs of the machines of jobs: how busy they are, a line for each."""
    return [
        Graph(
            title=f"{label} of {kind} jobs (percent)",
            metrics=[search((namespace, "Host"), metric, "Maximum", 60)],
            statistic="Maximum",
            period_seconds=60,
        )
        for kind, namespace in _MACHINES
        for label, metric in (
            ("Cores", "CPUUtilization"),
            ("Memory", "MemoryUtilization"),
            ("Disk", "DiskUtilization"),
        )
    ]


def pipeline_graphs(names: Sequence[str]) -> list[Graph]:
    """Return the graphs of pipelines by their names: how runs ended and how long they took; then the same of their steps."""

    def rows(*metrics: str) -> list[list[str]]:
        return [[PIPELINES, metric, "PipelineName", name] for name in names for metric in metrics]

    steps = (PIPELINES, "PipelineName", "StepName")
    return [
        Graph(
            title="Runs that succeeded, failed, were stopped",
            metrics=rows("ExecutionSucceeded", "ExecutionFailed", "ExecutionStopped"),
            period_seconds=_HOUR,
        ),
        Graph(
            title="Length of runs (ms)", metrics=rows("ExecutionDuration"), statistic="Maximum", period_seconds=_HOUR
        ),
        Graph(
            title="Length of each step (ms)",
            metrics=[search(steps, "StepDuration", "Maximum", _HOUR, PipelineName=name) for name in names],
            statistic="Maximum",
            period_seconds=_HOUR,
        ),
        Graph(
            title="Steps that failed",
            metrics=[search(steps, "StepFailed", "Sum", _HOUR, PipelineName=name) for name in names],
            period_seconds=_HOUR,
        ),
    ]


def job_errors(log_groups: Sequence[str]) -> list[LogTable]:
    """Return the table of the last errors in the logs of jobs."""
    lines = [
        "fields @timestamp, @logStream, @message",
        "filter @message like /(?i)(error|traceback|exception)/",
        "sort @timestamp desc",
        "limit 50",
    ]
    return [LogTable("Last errors of jobs", log_groups, lines)]
