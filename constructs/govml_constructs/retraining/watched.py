"""`WatchedUseCase`: what is watched of a use case, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchedUseCase:
    """A use case whose model may be trained again.

    Args:
        slug: the use case, as in `hdb-resale`.
        pipeline: name of its training pipeline.
        drift_alarm: name of the alarm that stands for sustained drift.
        feed_alarm: name of the alarm that stands for data which cannot be trusted.
        mode: `automatic`, `approval` or `off`.
        cool_down_days: how long one drift starts nothing after another.
        live_model: name of the SSM parameter that says where the live model is.
        monitor: name of the pipeline in which the drift engine looks at the model.
        data: S3 URI of the use case's prefix in the artefact zone, without a slash at its end.
        endpoint: name of the endpoint whose requests are captured there.
        quality_schedule: ARN of the schedule of SageMaker Model Monitor on that endpoint; empty where there is none.
    """

    slug: str
    pipeline: str
    drift_alarm: str
    feed_alarm: str
    mode: str
    cool_down_days: int
    live_model: str
    monitor: str
    data: str
    endpoint: str
    quality_schedule: str = ""
