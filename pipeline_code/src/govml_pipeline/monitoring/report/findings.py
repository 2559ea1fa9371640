"""Findings: everything a run has seen and decided, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.deciding.decision import Decision
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.judging.watching import Watched

FINDINGS: Final = "findings.json"


def findings(
    baseline: Baseline, watched: Watched, decision: Decision, state: State, refused: tuple[dict[str, Any], ...]
) -> dict[str, Any]:
    """Put the findings of a run together.

    Args:
        baseline: what was compared with.
        watched: what was found, by window.
        decision: what was decided.
        state: the state after, which remembers the performance of earlier windows.
        refused: lines of feedback that do not count.
    """
    return {
        "use_case": baseline.use_case,
        "model_version": baseline.model_version,
        "baseline": {"windows": list(baseline.windows), "performance": baseline.performance},
        "counts": watched.counts,
        "refused_feedback": list(refused),
        "windows": dict(sorted(watched.details.items())),
        "history": [asdict(past) for past in state.history],
        "decision": decision.as_json(baseline.model_version),
    }
