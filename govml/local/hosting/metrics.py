"""An endpoint's invocation metrics, in the names and units of SageMaker's, in the account's CloudWatch.

Names and dimensions: SageMaker developer guide, "SageMaker AI endpoint invocation metrics". Beside the endpoint and the
variant, the name of the configuration is a dimension too, by which an alarm can look at the new fleet alone.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

NAMESPACE = "AWS/SageMaker"
# PutMetricData takes so many distinct values in one datum, and so many datums in one call.
_MOST_VALUES = 150
_MOST_DATUMS = 500
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Figure:
    """One invocation as the metrics see it.

    Args:
        endpoint: endpoint name.
        config: name of the configuration whose fleet answered.
        variant: variant that answered.
        status: the model's HTTP status; 0 when it did not answer in time.
        model_seconds: time in the model.
        overhead_seconds: time in the front.
    """

    endpoint: str
    config: str
    variant: str
    status: int
    model_seconds: float
    overhead_seconds: float = 0.0


class Metrics:
    """Collects figures and publishes them.

    Args:
        cloudwatch: boto3 client.
    """

    def __init__(self, cloudwatch: Any) -> None:
        self._cloudwatch = cloudwatch
        self._lock = threading.Lock()
        self._values: dict[_Key, Counter[float]] = {}

    def count(self, figure: Figure) -> None:
        """Count one invocation."""
        status = figure.status
        figures = {
            "Invocations": 1.0,
            "Invocation4XXErrors": float(400 <= status < 500),
            "Invocation5XXErrors": float(status >= 500 or status == 0),
            "InvocationModelErrors": float(not 200 <= status < 300),
            "ModelLatency": float(round(figure.model_seconds * 1e6)),
            "OverheadLatency": float(round(figure.overhead_seconds * 1e6)),
        }
        place = (figure.endpoint, figure.config, figure.variant)
        with self._lock:
            for name, value in figures.items():
                self._values.setdefault((*place, name), Counter())[value] += 1

    def publish(self) -> None:
        """Send what has been collected since the last time."""
        with self._lock:
            collected, self._values = self._values, {}
        datums = [datum for key, values in collected.items() for datum in _datums(key, values)]
        for start in range(0, len(datums), _MOST_DATUMS):
            batch = datums[start : start + _MOST_DATUMS]
            self._cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=batch)


def _datums(key: _Key, values: Counter[float]) -> list[dict[str, Any]]:
    endpoint, config, variant, name = key
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
    unit = "Microseconds" if name.endswith("Latency") else "None"
    items = list(values.items())
    return [
        {
            "MetricName": name,
            "Dimensions": dims,
            "Unit": unit,
            "Values": [value for value, _ in part],
            "Counts": [float(count) for _, count in part],
        }
        for dims in (dimensions, [*dimensions, {"Name": "EndpointConfigName", "Value": config}])
        for part in (items[start : start + _MOST_VALUES] for start in range(0, len(items), _MOST_VALUES))
    ]
