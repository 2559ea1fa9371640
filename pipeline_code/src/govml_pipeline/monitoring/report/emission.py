"""Figures of a run for alarms: as lines in CloudWatch's embedded metric format, and as lines of OTLP for Prometheus.

A job without network cannot call CloudWatch. It prints the lines, and CloudWatch makes metrics of the first kind in its log
group ("Embedded metric format specification" in the CloudWatch user guide); the forwarder hands the second kind on to
Prometheus (docs/telemetry.md).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from govml_pipeline.monitoring.deciding.decision import Decision

NAMESPACE: Final = "GovML/Monitoring"
EMF, OTLP = "metrics.emf.jsonl", "metrics.otlp.jsonl"
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


def otlp_lines(use_case: str, endpoint: str, model_version: str, decision: Decision, *, now: datetime) -> list[str]:
    """The same figures as gauges of OpenTelemetry, a line each: in OTLP's JSON form, as the forwarder reads it.

    The verdict is one gauge for each that there is. Arguments as of `emf_lines`.
    """
    run, ratios = figures(decision)
    values: list[tuple[str, dict[str, str], float]] = [
        ("retraining_requested", {}, run["RetrainingRequested"]),
        ("page", {}, run["Page"]),
        ("windows_judged", {}, run["WindowsJudged"]),
        ("run_timestamp_seconds", {}, now.timestamp()),
        *(("verdict", {"verdict": verdict}, float(decision.verdict == verdict)) for verdict in _VERDICTS),
        *(("change_over_limit", {"signal": kind}, ratio) for kind, ratio in ratios.items()),
    ]
    resource = {"attributes": _attributes({"service.name": endpoint, "govml.use_case": use_case})}
    time = str(int(now.timestamp() * 1000) * 1_000_000)
    lines = []
    for name, attributes, value in values:
        point = {
            "attributes": _attributes({"govml.model.version": model_version, **attributes}),
            "timeUnixNano": time,
            "asDouble": value,
        }
        metric = {"name": f"govml.monitoring.{name}", "unit": "", "gauge": {"dataPoints": [point]}}
        told = {"resource": resource, "scopeMetrics": [{"metrics": [metric]}]}
        lines.append(json.dumps({"resourceMetrics": [told]}, separators=(",", ":")))
    return lines


def _attributes(attributes: dict[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
