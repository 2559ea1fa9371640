"""Ingestion and pipelines, from CloudWatch."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import AnyPanel, cloud_lines
from govml.grafana.authoring.queries import found, measured
from govml.grafana.authoring.sources import dimension_values, prefixes

_PIPELINES, _INGESTION = "AWS/Sagemaker/ModelBuildingPipeline", "GovML/Ingestion"
_CHOSEN = {"PipelineName": "$pipeline"}
_NAME = "${PROP('Dim.PipelineName')}"
_HOUR, _DAY = 3600, 86_400
_MACHINES = (("training", "/aws/sagemaker/TrainingJobs"), ("processing", "/aws/sagemaker/ProcessingJobs"))


def pipelines() -> Dashboard:
    """Return the dashboard of pipelines."""
    chosen = dimension_values(
        "pipeline", "Pipeline", namespace=_PIPELINES, metric="ExecutionStarted", key="PipelineName"
    )
    return board(
        "pipelines",
        "Pipelines",
        says="For ML and data engineers: did the runs go through, and what did they take?",
        variables=[prefixes(), chosen],
        hours=24 * 30,
        refresh="15m",
        rows=[
            Row(
                "Runs",
                [
                    cloud_lines(
                        f"Runs that {ended.lower()}",
                        measured(_PIPELINES, f"Execution{ended}", _CHOSEN, label=_NAME, seconds=_HOUR),
                        says="docs/operations/pipeline-failed.md",
                    )
                    for ended in ("Succeeded", "Failed")
                ],
            ),
            Row(
                "Times",
                [
                    cloud_lines(
                        "Length of runs",
                        measured(_PIPELINES, "ExecutionDuration", _CHOSEN, "Maximum", label=_NAME, seconds=_HOUR),
                        says="From start to end.",
                        unit="ms",
                    ),
                    cloud_lines(
                        "Length of steps",
                        measured(
                            _PIPELINES,
                            "StepDuration",
                            {**_CHOSEN, "StepName": "*"},
                            "Maximum",
                            label=f"{_NAME} ${{PROP('Dim.StepName')}}",
                            seconds=_HOUR,
                        ),
                        says="Which step grows?",
                        unit="ms",
                    ),
                ],
            ),
            Row(
                "Machines",
                [
                    cloud_lines(
                        f"{label} of {kind} jobs",
                        found((namespace, "Host"), metric, "Maximum", seconds=60),
                        says="Right-sizing advice: `govml cost advise`.",
                        unit="percent",
                    )
                    for kind, namespace in _MACHINES
                    for label, metric in (("Cores", "CPUUtilization"), ("Memory", "MemoryUtilization"))
                ],
            ),
        ],
    )


def ingestion() -> Dashboard:
    """Return the dashboard of data sources."""
    name = "${PROP('Dim.DataSource')}"
    source = {"DataSource": "*"}

    def panel(title: str, *metrics: str, says: str, statistic: str = "Sum", unit: str = "short") -> AnyPanel:
        queries = [
            measured(_INGESTION, metric, source, statistic, label=f"{name} {metric}", seconds=_DAY)
            for metric in metrics
        ]
        return cloud_lines(title, *queries, says=says, unit=unit)

    return board(
        "ingestion",
        "Ingestion",
        says="For data engineers: what came, what was turned away, how old is it?",
        variables=[],
        hours=24 * 90,
        refresh="15m",
        rows=[
            Row(
                "Files",
                [
                    panel(
                        "Files taken in, refused, failed",
                        "FilesTakenIn",
                        "FilesRefused",
                        "FilesFailed",
                        says="A refused file breaks the contract as a whole: docs/operations/ingestion.md.",
                    ),
                    panel(
                        "Age of the newest data",
                        "AgeDays",
                        says="Against the contract's limit.",
                        statistic="Maximum",
                        unit="d",
                    ),
                ],
            ),
            Row(
                "Rows",
                [
                    panel("Rows in the table", "RowsInTable", says="Of the curated table.", statistic="Maximum"),
                    panel(
                        "Rows in quarantine", "RowsQuarantined", says="Rows that broke the contract, with the reason."
                    ),
                    panel(
                        "Rows read, inserted, corrected", "RowsRead", "RowsInserted", "RowsCorrected", says="Of a day."
                    ),
                ],
            ),
        ],
    )
