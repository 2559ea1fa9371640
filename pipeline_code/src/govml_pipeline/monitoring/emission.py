"""Figures of a run for alarms: as lines in CloudWatch's embedded metric format, and as Prometheus text.

A job without network cannot call CloudWatch. It prints the lines, and CloudWatch makes metrics of them in its log group
("Embedded metric format specification" in the CloudWatch user guide). The Prometheus text is for a text-file collector.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from govml_pipeline.monitoring.decision import Decision

NAMESPACE: Final = "GovML/Monitoring"
EMF, PROMETHEUS = "metrics.emf.jsonl", "metrics.prom"
_VERDICTS: Final = ("ok", "watch", "drifted", "broken-feed", "too-little-data")


def figures(decision: Decision) -> tuple[dict[str, float], dict[str, float]]:
    """Figures of the run; and by kind of signal the largest change in its newest window, in multiples of its limit.

    `Drifted`, `BrokenFeed`, `RetrainingRequested`, `Page` are 0 or 1. A ratio of 1 or more reaches the limit; whether it is
    beyond chance, too, only the verdict says.
    """
    verdict = decision.verdict
    run = {
        "Drifted": float(verdict == "drifted"),
        "BrokenFeed": float(verdict == "broken-feed"),
        "TooLittleData": float(verdict == "too-little-data"),
        "RetrainingRequested": float(decision.retrain),
        "Page": float(decision.page),
        "WindowsJudged": float(len({ruled.signal.window for ruled in decision.signals})),
        "WindowsRevised": float(len(decision.revised)),
    }
    # A window that was judged again is no news of the present.
    signals = [ruled for ruled in decision.signals if ruled.signal.window not in decision.revised]
    newest: dict[str, str] = {}
    for ruled in signals:
        kind = ruled.signal.kind
        newest[kind] = max(newest.get(kind, ""), ruled.signal.window)
    ratios: dict[str, float] = {}
    for ruled in signals:
        kind = ruled.signal.kind
        if ruled.signal.window == newest[kind]:
            ratios[kind] = max(ratios.get(kind, 0.0), ruled.signal.value / ruled.threshold)
    return run, dict(sorted(ratios.items()))


def emf_lines(use_case: str, endpoint: str, model_version: str, decision: Decision, *, now: datetime) -> list[str]:
    """One line for the run, one for each kind of signal; dimensions `Endpoint`, and `Endpoint` with `Signal`.

    Args:
        use_case: name of the use case.
        endpoint: name of the endpoint, by which alarms find the figures.
        model_version: version of the model.
        decision: what the run decided.
        now: its time.
    """
    run, ratios = figures(decision)
    time = int(now.timestamp() * 1000)
    context = {"UseCase": use_case, "Endpoint": endpoint, "ModelVersion": model_version, "Window": decision.window}
    lines = [_emf(time, {**context, "Verdict": decision.verdict}, ["Endpoint"], run)]
    lines += [
        _emf(time, {**context, "Signal": kind}, ["Endpoint", "Signal"], {"ChangeOverLimit": ratio})
        for kind, ratio in ratios.items()
    ]
    return lines


def _emf(time: int, context: dict[str, Any], dimensions: list[str], values: dict[str, float]) -> str:
    names = [{"Name": name, "Unit": "None"} for name in values]
    directive = {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": names}
    return json.dumps(
        {"_aws": {"Timestamp": time, "CloudWatchMetrics": [directive]}, **context, **values}, sort_keys=True
    )


def prometheus_text(use_case: str, endpoint: str, model_version: str, decision: Decision) -> str:
    """The same figures in the text exposition format; the verdict as one series for each that there is."""
    run, ratios = figures(decision)
    labels = f'use_case="{_label(use_case)}",endpoint="{_label(endpoint)}",model_version="{_label(model_version)}"'
    lines = []
    for name, value in run.items():
        metric = "govml_monitoring_" + "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        lines += [f"# TYPE {metric} gauge", f"{metric}{{{labels}}} {value:g}"]
    lines.append("# TYPE govml_monitoring_verdict gauge")
    lines += [
        f'govml_monitoring_verdict{{{labels},verdict="{verdict}"}} {float(decision.verdict == verdict):g}'
        for verdict in _VERDICTS
    ]
    lines += ["# HELP govml_monitoring_change_over_limit Largest change of the newest window over its limit."]
    lines += ["# TYPE govml_monitoring_change_over_limit gauge"]
    lines += [
        f'govml_monitoring_change_over_limit{{{labels},signal="{kind}"}} {ratio:.6g}' for kind, ratio in ratios.items()
    ]
    return "\n".join(lines) + "\n"


def _label(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
