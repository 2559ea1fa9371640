"""Releases: which version answers, and whether the new one does better."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard

from govml.grafana.authoring.board import Row, board
from govml.grafana.authoring.panels import cloud_lines, lines, listed
from govml.grafana.authoring.queries import asked, measured
from govml.grafana.authoring.sources import dimension_values, endpoints, environments, prefixes
from govml.telemetry.metrics import PREDICTION, REQUEST_DURATION, REQUEST_RATE, SERVING_UP

_CHOSEN = 'job=~"$endpoint"'
_OVER = "[$__rate_interval]"
_VERSION = "{{job}} {{govml_model_version}}"
_QUEUE = dimension_values(
    "queue", "Queue", namespace="AWS/SQS", metric="ApproximateNumberOfMessagesVisible", key="QueueName"
)


def releases() -> Dashboard:
    """Return the dashboard."""
    by, rate = "sum by (job, govml_model_version)", REQUEST_RATE.name
    duration, prediction = REQUEST_DURATION.name, PREDICTION.name
    slow = f"sum by (job, govml_model_version, le) (rate({duration}_bucket{{{_CHOSEN}}}{_OVER}))"
    failed = f'{by} ({rate}{{{_CHOSEN},http_response_status_code=~"5.."}})'
    return board(
        "releases",
        "Releases",
        says="For whoever releases: is the new version there, does it get its share, is it as good?",
        variables=[environments(), endpoints(), prefixes(), _QUEUE],
        rows=[
            Row(
                "Versions",
                [
                    listed(
                        "What serves now",
                        f"count by (job, govml_model_version, govml_model_digest) ({SERVING_UP.name}{{{_CHOSEN}}})",
                        says="`govml release status` names the digest that should be there.",
                    ),
                    lines(
                        "Processes by version",
                        asked(f"count by (job, govml_model_version) ({SERVING_UP.name}{{{_CHOSEN}}})", _VERSION),
                        says="A canary's processes come while the old ones are still there.",
                    ),
                    lines(
                        "Requests by version",
                        asked(f"{by} ({rate}{{{_CHOSEN}}})", _VERSION),
                        says="The share that the roll-out gives to each.",
                        unit="reqps",
                    ),
                    lines(
                        "Share of requests that fail, by version",
                        asked(f"({failed} or 0 * {by} ({rate}{{{_CHOSEN}}})) / {by} ({rate}{{{_CHOSEN}}})", _VERSION),
                        says="5xx. The alarms of a release take it back by themselves.",
                        unit="percentunit",
                    ),
                    lines(
                        "Time of requests by version, p99",
                        asked(f"histogram_quantile(0.99, {slow})", _VERSION),
                        says="Interpolated within the histogram's buckets.",
                        unit="s",
                    ),
                    lines(
                        "Mean prediction by version",
                        asked(
                            f"{by} (rate({prediction}_sum{{{_CHOSEN}}}{_OVER}))"
                            f" / {by} (rate({prediction}_count{{{_CHOSEN}}}{_OVER}))",
                            _VERSION,
                        ),
                        says="In the unit of the model's target. Two versions far apart see different data, or one is wrong.",
                    ),
                ],
            ),
            Row(
                "The release function",
                [
                    cloud_lines(
                        "Events that wait",
                        measured(
                            "AWS/SQS",
                            "ApproximateNumberOfMessagesVisible",
                            {"QueueName": "$queue"},
                            "Maximum",
                            label="${PROP('Dim.QueueName')}",
                        ),
                        says="Events that nobody could act on lie in a queue of dead letters: docs/operations/release.md.",
                    ),
                ],
            ),
        ],
    )
