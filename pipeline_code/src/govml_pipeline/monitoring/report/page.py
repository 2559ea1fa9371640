"""The page, from what a run has found: one HTML file without script, the same bytes for the same findings."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final, NamedTuple

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from govml_pipeline.monitoring.deciding.decision import Decision
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.judging.performance import METRICS
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.report import plots, shown
from govml_pipeline.usecase import Kind

PAGE: Final = "report.html"
#: Columns and segments that are shown in a plot, the most changed ones first.
_SHOWN: Final = 20


class Figure(NamedTuple):
    """A plot with its caption."""

    title: str
    plot: Markup


def page(
    findings: dict[str, Any], decision: Decision, state: State, *, kind: Kind, settings: MonitoringSettings
) -> str:
    """Make the page.

    Args:
        findings: what the run found, see `findings`.
        decision: what it decided.
        state: the state after, which remembers the signals of earlier windows.
        kind: kind of the use case.
        settings: its settings.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"number": shown.number, "percent": shown.percent}
    source = resources.files("govml_pipeline.monitoring.report").joinpath("page.html").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        findings=findings,
        decision=decision,
        settings=settings,
        groups=("feed", "inputs", "labels"),
        performance=_performance(findings, kind),
        tracks=_tracks(state, settings),
        metrics=[metric.name for metric in METRICS[kind]],
        drift=_drift(findings),
        segments=_segments(findings, kind),
        attribution=_attribution(findings),
    )


def _performance(findings: dict[str, Any], kind: Kind) -> list[Figure]:
    """A line for each metric: the baseline's windows, then those since, as they are known to be now."""
    found = []
    before = findings["baseline"]["performance"]
    now = {past["window"]: past["figures"] for past in findings["history"] if past["enough"]}
    for metric in METRICS[kind]:
        known = {w: e[metric.name] for w, e in (before | now).items() if e.get(metric.name) is not None}
        usual = [entry[metric.name] for entry in before.values() if entry.get(metric.name) is not None]
        if now and len(known) > 1 and usual:
            title = (
                f"{metric.name} by window: {len(usual)} of the baseline, then those since; dashed: the baseline's mean"
            )
            mean = sum(usual) / len(usual)
            order = sorted(known)
            plot = plots.line(title, order, [known[w] for w in order], reference=mean, zero=metric.sense != 0)
            found.append(Figure(title, plot))
    return found


def _tracks(state: State, settings: MonitoringSettings) -> list[Figure]:
    """Size of the deciding signals as the state remembers them, with the limit."""
    found = []
    for key, track in sorted(state.tracks.items()):
        kind = next((each for each in settings.deciding if key.startswith(f"{each}:")), None)
        if kind is None or len(track) < 2:
            continue
        title = f"{key.partition(':')[2]}: size of the change by window; dashed: the limit"
        values = [seen.value for seen in track]
        plot = plots.line(title, [seen.window for seen in track], values, reference=settings.threshold(kind))
        found.append(Figure(title, plot))
    return found


def _newest(findings: dict[str, Any], group: str, part: str) -> tuple[str, Any]:
    known = [w for w, groups in findings["windows"].items() if groups.get(group, {}).get(part)]
    return (max(known), findings["windows"][max(known)][group][part]) if known else ("", None)


def _drift(findings: dict[str, Any]) -> Figure | None:
    window, compared = _newest(findings, "inputs", "compared")
    known = [each for each in compared or [] if each["psi"] is not None]
    known.sort(key=lambda each: (-each["psi"], each["feature"]))
    if not known:
        return None
    names, values = [each["feature"] for each in known[:_SHOWN]], [each["psi"] for each in known[:_SHOWN]]
    title = f"population stability index of {window} against the baseline"
    return Figure(title, plots.bars(title, names, values))


def _segments(findings: dict[str, Any], kind: Kind) -> list[Figure]:
    window, entry = _newest(findings, "labels", "performance")
    if not entry or not METRICS[kind]:
        return []
    name = METRICS[kind][0].name
    found = []
    for column, values in entry["segments"].items():
        known = sorted((key for key in values if values[key][name] is not None), key=lambda key: -values[key][name])
        sizes = [values[key][name] for key in known[:_SHOWN]]
        ends = [values[key]["intervals"].get(name) for key in known[:_SHOWN]]
        if known:
            title = f"{name} of {window}, by {column}"
            plot = plots.bars(title, known[:_SHOWN], sizes, intervals=ends, reference=entry[name])
            found.append(Figure(title, plot))
    return found


def _attribution(findings: dict[str, Any]) -> Figure | None:
    window, shares = _newest(findings, "inputs", "attribution")
    if not shares:
        return None
    order = sorted(shares, key=lambda name: -shares[name])[:_SHOWN]
    title = f"share of the attribution, {window}"
    return Figure(title, plots.bars(title, order, [shares[name] for name in order]))
