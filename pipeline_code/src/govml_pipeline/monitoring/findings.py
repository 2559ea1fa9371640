"""Findings: everything a run has seen and decided, as JSON, and where the evidence bucket keeps it."""

from __future__ import annotations

from typing import Any, Final

from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.decision import Decision
from govml_pipeline.monitoring.watching import Watched

FINDINGS: Final = "findings.json"


def findings(baseline: Baseline, watched: Watched, decision: Decision) -> dict[str, Any]:
    """Put the findings of a run together.

    Args:
        baseline: what was compared with.
        watched: what was found, by window.
        decision: what was decided.
    """
    return {
        "use_case": baseline.use_case,
        "model_version": baseline.model_version,
        "baseline": {"windows": list(baseline.windows), "performance": baseline.performance},
        "counts": watched.counts,
        "windows": dict(sorted(watched.details.items())),
        "decision": decision.as_json(baseline.model_version),
    }


def evidence_name(baseline: Baseline, decision: Decision) -> str:
    """Name of the findings below the evidence bucket's `monitoring/`: use case, model version, newest window.

    A run that judged no new window has no findings of its own and gets no name of its own either: the bucket locks what it
    has, and the same window is written once.
    """
    slug = baseline.use_case.replace("_", "-")
    return f"{slug}/{baseline.model_version}/{decision.window or 'no-window'}.json"
