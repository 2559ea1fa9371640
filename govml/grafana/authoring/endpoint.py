"""One endpoint: requests, errors, times, predictions, machines."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import cloud_lines, heat, lines, listed, numbers
from govml.grafana.authoring.queries import asked, measured
from govml.grafana.authoring.sources import endpoints, environments
from govml.telemetry.metrics import (
    CLASSES,
    INFERENCE_ROWS,
    LATENCY_P50,
    LATENCY_P99,
    PREDICTION,
    REQUEST_DURATION,
    REQUEST_RATE,
    SERVING_UP,
)

_CHOSEN = 'job=~"$endpoint"'
_OVER = "[$__rate_interval]"
_LIVE = {"EndpointName": "$endpoint", "VariantName": "live"}
_NAME = "${PROP('Dim.EndpointName')}"
_CALLS, _MACHINES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"


def quantile(histogram: str, share: float) -> str:
    """Return PromQL of a quantile of a histogram by endpoint."""
    return f"histogram_quantile({share:g}, sum by (job, le) (rate({histogram}_bucket{{{_CHOSEN}}}{_OVER})))"


def endpoint() -> Dashboard:
    """Return the dashboard."""
    duration, prediction = REQUEST_DURATION.name, PREDICTION.name
    refused = f'sum by (job, error_type) (rate({duration}_count{{{_CHOSEN},error_type!=""}}{_OVER})) or vector(0)'
    return board(
        "endpoint",
        "Model endpoint",
        says="For the ML engineer on duty: does the model answer, how fast, and with what?",
        variables=[environments(), endpoints()],
        rows=[
            Row(
                "Requests",
                [
                    numbers(
                        "Median time",
                        f"{LATENCY_P50.name}{{{_CHOSEN}}}",
                        "{{job}}",
                        says="Of the last five minutes.",
                        unit="s",
                    ),
                    numbers(
                        "99th percentile",
                        f"{LATENCY_P99.name}{{{_CHOSEN}}}",
                        "{{job}}",
                        says="Of the last five minutes.",
                        unit="s",
                    ),
                    lines(
                        "Requests by status",
                        asked(
                            f"sum by (job, http_response_status_code) ({REQUEST_RATE.name}{{{_CHOSEN}}})",
                            "{{job}} {{http_response_status_code}}",
                        ),
                        says="4xx: callers send what the contract does not allow. 5xx: the model or its container fails.",
                        unit="reqps",
                    ),
                    lines(
                        "Refused and failed requests by kind",
                        asked(refused, "{{job}} {{error_type}}"),
                        says="The kind is that of the server's log; runbook docs/operations/endpoint.md.",
                        unit="reqps",
                    ),
                    heat(
                        "Time of requests",
                        f"sum by (le) (increase({duration}_bucket{{{_CHOSEN}}}{_OVER}))",
                        says="How many requests took how long.",
                        unit="s",
                    ),
                    lines(
                        "Time of requests, quantiles",
                        *(
                            asked(quantile(duration, share), f"{{{{job}}}} p{share * 100:g}")
                            for share in (0.5, 0.9, 0.99)
                        ),
                        says="Interpolated within the histogram's buckets.",
                        unit="s",
                    ),
                ],
            ),
            Row(
                "Predictions",
                [
                    lines(
                        "Rows predicted",
                        asked(f"sum by (job) (rate({INFERENCE_ROWS.name}{{{_CHOSEN}}}{_OVER}))", "{{job}}"),
                        says="A request may have many rows.",
                        unit="rps",
                    ),
                    lines(
                        "Rows by predicted class",
                        asked(
                            f"sum by (job, govml_inference_class) (rate({CLASSES.name}{{{_CHOSEN}}}{_OVER})) or vector(0)",
                            "{{job}} {{govml_inference_class}}",
                        ),
                        says="For classifications, clusters and flags; zero for models that predict numbers.",
                        unit="rps",
                    ),
                    heat(
                        "Predicted numbers",
                        f"sum by (le) (increase({prediction}_bucket{{{_CHOSEN}}}{_OVER}))",
                        says="In the unit of the model's target. A cloud that wanders is a reason to look at drift.",
                        unit="short",
                    ),
                    lines(
                        "Predicted numbers, mean and median",
                        asked(
                            f"sum by (job) (rate({prediction}_sum{{{_CHOSEN}}}{_OVER}))"
                            f" / sum by (job) (rate({prediction}_count{{{_CHOSEN}}}{_OVER}))",
                            "{{job}} mean",
                        ),
                        asked(quantile(prediction, 0.5), "{{job}} median"),
                        says="In the unit of the model's target.",
                    ),
                ],
            ),
            Row(
                "Machines",
                [
                    listed(
                        "What serves now",
                        f"count by (job, govml_model_version, govml_model_digest) ({SERVING_UP.name}{{{_CHOSEN}}})",
                        says="Processes by version and digest of the model.",
                    ),
                    cloud_lines(
                        "Cores (100 for each) and memory in use, percent",
                        *(
                            measured(
                                _MACHINES,
                                metric,
                                _LIVE,
                                "Maximum",
                                label=f"{_NAME} {metric}",
                                seconds=60,
                            )
                            for metric in ("CPUUtilization", "MemoryUtilization")
                        ),
                        says="Right-sizing advice: `govml cost advise`.",
                        unit="percent",
                    ),
                    cloud_lines(
                        "SageMaker's own time around the model, p99",
                        measured(_CALLS, "OverheadLatency", _LIVE, "p99", label=f"{_NAME} around"),
                        measured(_CALLS, "ModelLatency", _LIVE, "p99", label=f"{_NAME} in the model"),
                        says="What callers wait for beyond the model is not the model's.",
                        unit="µs",
                    ),
                    cloud_lines(
                        "Requests that SageMaker saw end in 4xx and 5xx",
                        *(
                            measured(_CALLS, metric, _LIVE, label=f"{_NAME} {metric}", seconds=60)
                            for metric in ("Invocation4XXErrors", "Invocation5XXErrors")
                        ),
                        says="More here than the model server counts: requests did not reach it.",
                    ),
                ],
            ),
        ],
    )
