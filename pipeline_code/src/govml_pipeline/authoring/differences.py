"""What a use case's training pipeline does not share with all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Criteria = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Differences:
    """What tells one use case's pipeline from another's.

    Args:
        use_case: name of the use case, a folder of `usecases/`.
        headline: the metric by which people know the model: its place in evaluation.json, without `.value`, such as
            `regression_metrics.mape`.
        criteria: default acceptance criteria, `{metric: {"max": limit}}` or `{"min": limit}`; the agency file's own
            take their place where the pipeline is deployed.
        test_months: how many of the last months are the test set.
        seed: seed of the search and of the model.
        serving_instances: instance types that may serve the model.
    """

    use_case: str
    headline: str
    criteria: Criteria
    test_months: int = 12
    seed: int = 20170101
    serving_instances: tuple[str, ...] = ("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge")
