"""Metrics as lines of the log: CloudWatch's embedded metric format, which CloudWatch Logs turns into metrics by itself.

Source: "Specification: Embedded metric format" in the CloudWatch user guide: one JSON object with `_aws`; a metric's value is
a number or at most 100 numbers. So requests are gathered, and a line is written for each 100 of them or each minute.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final, Self

from govml_pipeline.serving.observation import Observation
from govml_pipeline.serving.telemetry.log import write
from govml_pipeline.serving.telemetry.summary import counts, numbers

NAMESPACE: Final = "GovML/Serving"
#: Values that a metric has at most in one line, by the specification.
MOST: Final = 100
_SECONDS: Final = 60.0
_UNITS: Final = {"Latency": "Milliseconds", "Prediction": "None"}


class EmbeddedMetrics:
    """Gathers requests and writes lines; an `observation.Observer`.

    Args:
        use_case: name of the use case, the metrics' dimension beside the model's version.
    """

    def __init__(self, use_case: str) -> None:
        self._use_case = use_case
        self._version = ""
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._clear()

    def _clear(self) -> None:
        self._counts: dict[str, int] = {}
        self._values: dict[str, list[float]] = {}

    def __enter__(self) -> Self:
        threading.Thread(target=self._tick, name="emf", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.flush()

    def _tick(self) -> None:
        while not self._ended.wait(_SECONDS):
            self.flush()

    def __call__(self, observation: Observation) -> None:
        """Gather a request."""
        with self._lock:
            self._version = observation.model_version
            self._count("Requests", 1)
            self._count("Rows", observation.rows)
            if observation.error is not None:
                self._count(f"Errors.{observation.error}", 1)
            self._values.setdefault("Latency", []).append(round(observation.seconds * 1000, 3))
            if observation.predictions is not None:
                found = numbers(observation.predictions)
                room = MOST - len(self._values.setdefault("Prediction", []))
                self._values["Prediction"] += found[:: max(1, -(-len(found) // room))] if room else []
                for name, count in counts(observation.predictions).items():
                    self._count(f"Predictions.{name}", count)
            full = len(self._values["Latency"]) >= MOST
        if full:
            self.flush()

    def _count(self, name: str, more: int) -> None:
        self._counts[name] = self._counts.get(name, 0) + more

    def flush(self) -> None:
        """Write what was gathered, if there is any."""
        with self._lock:
            if not self._counts:
                return
            metrics: dict[str, Any] = {**self._counts, **{name: found for name, found in self._values.items() if found}}
            version = self._version
            self._clear()
        described = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in metrics]
        directive = {"Namespace": NAMESPACE, "Dimensions": [["UseCase", "ModelVersion"]], "Metrics": described}
        write(
            {
                "_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]},
                "UseCase": self._use_case,
                "ModelVersion": version,
                **metrics,
            }
        )
