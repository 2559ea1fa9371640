"""Graphs of functions, and of the queues that they work on."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph

_FUNCTIONS, _QUEUES = "AWS/Lambda", "AWS/SQS"
LAST_LINES = ("fields @timestamp, @message", "sort @timestamp desc", "limit 50")
"""Search for what a function logged last."""


def function_graphs(names: Sequence[str]) -> list[Graph]:
    """Return the graphs of functions by their names: calls, failures, and how long the slowest took."""

    def rows(*metrics: str) -> list[list[str]]:
        return [[_FUNCTIONS, metric, "FunctionName", name] for name in names for metric in metrics]

    return [
        Graph(title="Calls of the functions", metrics=rows("Invocations")),
        Graph(title="Failed and refused calls", metrics=rows("Errors", "Throttles", "DeadLetterErrors")),
        Graph(title="Longest call (ms)", metrics=rows("Duration"), statistic="Maximum"),
    ]


def queue_graphs(queue: str, dead_letters: str) -> list[Graph]:
    """Return the graphs of a queue and of what was laid aside behind it, by their names."""
    waiting, oldest = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
    return [
        Graph(
            title="Messages that wait, and that were laid aside",
            metrics=[[_QUEUES, waiting, "QueueName", name] for name in (queue, dead_letters)],
            statistic="Maximum",
        ),
        Graph(
            title="Age of the oldest message (s)", metrics=[[_QUEUES, oldest, "QueueName", queue]], statistic="Maximum"
        ),
    ]
