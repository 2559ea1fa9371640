"""What jobs and people may do in managed MLflow, whichever of its two kinds an environment has.

The actions are the MLflow data plane's (service authorization reference, `sagemaker-mlflow`); those of the kind itself
(`sagemaker`) come from its construct. `AccessUI` takes no resource, so it stands with what every role for people sees.
"""

from __future__ import annotations

from govml_constructs.identity.customer_policy import Statement

_TRACK = (
    "CreateExperiment",
    "CreateRun",
    "GetExperiment",
    "GetExperimentByName",
    "GetRun",
    "ListArtifacts",
    "LogBatch",
    "LogInputs",
    "LogMetric",
    "LogModel",
    "LogParam",
    "SearchExperiments",
    "SearchRuns",
    "SetTag",
    "UpdateRun",
)
_VIEW = (
    "GetExperiment",
    "GetExperimentByName",
    "GetRun",
    "ListArtifacts",
    "SearchExperiments",
    "SearchRuns",
)


def track_runs(arn: str) -> Statement:
    """Return what a job needs to write runs into one app or server; no history is rewritten, no model registered."""
    return Statement(sid="TrackRuns", actions=[f"sagemaker-mlflow:{each}" for each in _TRACK], resources=[arn])


def compare_runs(arn: str) -> Statement:
    """Return what a person needs to compare the runs of one app or server; nothing is written."""
    return Statement(sid="CompareRuns", actions=[f"sagemaker-mlflow:{each}" for each in _VIEW], resources=[arn])
