"""The searches of logs that the runbooks of this environment send one to."""

from __future__ import annotations

from govml_constructs.monitoring.saved_queries import SavedQuery
from govml_constructs.pascal import pascal
from stacks.environment.context import EnvironmentContext

# Log groups whose names SageMaker dictates (SageMaker developer guide, "Log groups and streams").
_PROCESSING, _TRAINING = "/aws/sagemaker/ProcessingJobs", "/aws/sagemaker/TrainingJobs"
_ENDPOINT = "/aws/sagemaker/Endpoints/"


def saved_queries(context: EnvironmentContext) -> list[SavedQuery]:
    """Return the searches of the components that are on: of jobs, and of each endpoint's requests.

    Fields of requests are those of the model server's log, a line of JSON each.
    """
    found = []
    if context.switches.training_pipeline or context.switches.ingestion:
        found.append(
            SavedQuery(
                "JobErrors",
                "Errors of jobs",
                [_PROCESSING, _TRAINING],
                [
                    "fields @timestamp, @logStream, @message",
                    "filter @message like /(?i)(error|traceback|exception)/",
                    "sort @timestamp desc",
                    "limit 200",
                ],
            )
        )
    for use_case in context.settings.served:
        name = context.names.endpoint(use_case)
        found += _requests(name, pascal(use_case))
    return found


def _requests(endpoint: str, word: str) -> list[SavedQuery]:
    shown = "fields @timestamp, status, error, milliseconds, rows, model_version, correlation_id, inference_id"
    searches = {
        "Failures": ("Failed requests", [shown, "filter status >= 400", "sort @timestamp desc", "limit 200"]),
        "Slowest": (
            "Slowest requests",
            [shown, "filter ispresent(milliseconds)", "sort milliseconds desc", "limit 50"],
        ),
        "Versions": (
            "Requests by model version",
            [
                "filter ispresent(status)",
                "stats count(*) as requests, sum(status >= 500) as server_errors, pct(milliseconds, 99) as p99"
                " by model_version, bin(5m)",
            ],
        ),
        "OneRequest": (
            "One request by its correlation id",
            [shown, 'filter correlation_id = "put the id here"', "sort @timestamp asc"],
        ),
    }
    return [
        SavedQuery(f"{word}{kind}", f"{endpoint}/{title}", [f"{_ENDPOINT}{endpoint}"], lines)
        for kind, (title, lines) in searches.items()
    ]
