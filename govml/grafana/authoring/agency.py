"""The whole agency on one page: all environments, and the accounts that are linked to this one."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import cloud_lines, lines, listed, states
from govml.grafana.authoring.queries import asked, found
from govml.grafana.authoring.sources import environments
from govml.telemetry.metrics import BAD_SHARE, LAST_VERDICT, LATENCY_P99, REQUEST_RATE

_ACCOUNT = "${PROP('AccountLabel')}"
_HOUR = 3600


def agency() -> Dashboard:
    """Return the dashboard."""
    return board(
        "agency",
        "Agency overview",
        says="For the owner of the platform: is anything wrong, in any environment?",
        variables=[environments(several=True)],
        hours=24,
        refresh="5m",
        rows=[
            Row(
                "Models in ${prometheus}",
                [
                    lines(
                        "Requests",
                        asked(f"sum by (job) ({REQUEST_RATE.name})", "{{job}}"),
                        says="By endpoint.",
                        unit="reqps",
                    ),
                    lines(
                        "Bad requests within an hour",
                        asked(f"{BAD_SHARE}1h", "{{job}} {{objective}}"),
                        says="Of the endpoints that promise something.",
                        unit="percentunit",
                    ),
                    lines("99th percentile", asked(LATENCY_P99.name, "{{job}}"), says="By endpoint.", unit="s"),
                    states(
                        "Verdicts of the drift engine",
                        f"{LAST_VERDICT.name} == 1",
                        "{{job}} {{verdict}}",
                        says="Until the next look.",
                    ),
                    listed("Alerts that ring now", 'ALERTS{alertstate="firing"}', says="Each names its runbook."),
                ],
                repeat="prometheus",
            ),
            Row(
                "All linked accounts",
                [
                    cloud_lines(
                        "Pipeline runs that failed",
                        found(
                            ("AWS/Sagemaker/ModelBuildingPipeline", "PipelineName"),
                            "ExecutionFailed",
                            label=f"{_ACCOUNT} ${{PROP('Dim.PipelineName')}}",
                            seconds=_HOUR,
                        ),
                        says="docs/operations/pipeline-failed.md",
                    ),
                    cloud_lines(
                        "Failed calls of functions",
                        found(
                            ("AWS/Lambda", "FunctionName"), "Errors", label=f"{_ACCOUNT} ${{PROP('Dim.FunctionName')}}"
                        ),
                        says="Functions of the platform: release, ingestion, retraining.",
                    ),
                    cloud_lines(
                        "Messages in queues",
                        found(
                            ("AWS/SQS", "QueueName"),
                            "ApproximateNumberOfMessagesVisible",
                            "Maximum",
                            label=f"{_ACCOUNT} ${{PROP('Dim.QueueName')}}",
                        ),
                        says="Dead letters are docs/operations/undelivered-messages.md.",
                    ),
                    cloud_lines(
                        "Tokens out of foundation models",
                        found(
                            ("AWS/Bedrock", "ModelId"),
                            "OutputTokenCount",
                            label=f"{_ACCOUNT} ${{PROP('Dim.ModelId')}}",
                            seconds=_HOUR,
                        ),
                        says="What is paid for, by model and account.",
                    ),
                ],
            ),
        ],
    )
