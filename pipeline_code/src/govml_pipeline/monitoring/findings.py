"""Findings: everything a run has seen and decided, as JSON, and where the evidence bucket keeps it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any, Final

from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.decision import Decision
from govml_pipeline.monitoring.state import State
from govml_pipeline.monitoring.watching import Watched

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


def evidence_name(baseline: Baseline, decision: Decision, found: dict[str, Any]) -> str:
    """Name of the findings below the evidence bucket's `monitoring/`: use case, model version, newest window.

    A run that judged no new window has no findings of its own and gets no name of its own either: the bucket locks what it
    has, and the same window is written once. One that judged windows again ends in the fingerprint of what it found.
    """
    slug = baseline.use_case.replace("_", "-")
    again = ""
    if decision.revised:
        again = "-revised-" + hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:8]
    return f"{slug}/{baseline.model_version}/{decision.window or 'no-window'}{again}.json"
